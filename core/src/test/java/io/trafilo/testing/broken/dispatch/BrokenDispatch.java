package io.trafilo.testing.broken.dispatch;

import io.trafilo.testing.broken.TrafiloBuilder;
import io.trafilo.testing.broken.window.BrokenWindow;

/** Knows the engine, and reaches over its neighbour. */
public final class BrokenDispatch {
    TrafiloBuilder engine = new TrafiloBuilder();
    BrokenWindow window = new BrokenWindow();
}
