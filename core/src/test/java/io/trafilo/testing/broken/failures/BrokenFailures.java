package io.trafilo.testing.broken.failures;

import io.trafilo.testing.broken.state.BrokenState;

/** Knows who uses it. */
public final class BrokenFailures {
    BrokenState state = new BrokenState();
}
