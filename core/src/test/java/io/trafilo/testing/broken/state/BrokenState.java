package io.trafilo.testing.broken.state;

import io.trafilo.testing.broken.dispatch.BrokenDispatch;
import org.agrona.UnsafeApi;

/** Knows who uses it, and uses what newer JDKs refuse. */
public final class BrokenState {
    BrokenDispatch[] dispatch = {};

    Class<?> unsafe = UnsafeApi.class;
}
