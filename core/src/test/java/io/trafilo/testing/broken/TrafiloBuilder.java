package io.trafilo.testing.broken;

import io.trafilo.testing.broken.window.BrokenWindow;

/** Leads further than into the package engine. */
public final class TrafiloBuilder {
    BrokenWindow window = new BrokenWindow();
}
