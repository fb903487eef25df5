package io.trafilo.testing.broken.aggregate;

import io.trafilo.testing.broken.state.BrokenState;

/** Knows who uses it. */
public final class BrokenAggregate {
    BrokenState[] states = {};
}
