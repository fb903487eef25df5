package io.trafilo.testing.broken.engine;

import io.trafilo.testing.broken.window.BrokenWindow;

/** Reaches over its neighbours. */
public final class BrokenEngine {
    BrokenWindow window = new BrokenWindow();
}
