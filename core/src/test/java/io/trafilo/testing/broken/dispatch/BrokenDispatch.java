package io.trafilo.testing.broken.dispatch;

import io.trafilo.testing.broken.Trafilo;
import io.trafilo.testing.broken.window.BrokenWindow;

/** Knows the engine, and reaches over its neighbour. */
public final class BrokenDispatch {
    Trafilo engine = new Trafilo();
    BrokenWindow window = new BrokenWindow();
}
