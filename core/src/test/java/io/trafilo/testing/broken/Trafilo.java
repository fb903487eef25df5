package io.trafilo.testing.broken;

import io.trafilo.testing.broken.window.BrokenWindow;

/** Reaches behind the packages it may use. */
public final class Trafilo {
    BrokenWindow window = new BrokenWindow();
}
