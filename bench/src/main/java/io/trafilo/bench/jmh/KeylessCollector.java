package io.trafilo.bench.jmh;

import io.trafilo.EventCollector;
import io.trafilo.EventDetails;
import io.trafilo.KeyBuilder;
import io.trafilo.Sender;

/** For parsers that take keys from the message and know no details of events. */
abstract class KeylessCollector implements EventCollector, EventDetails {
    @Override
    public final KeyBuilder key() {
        throw new UnsupportedOperationException("keys are slices here");
    }

    @Override
    public final Sender sender() {
        throw new UnsupportedOperationException("nobody sent this");
    }

    @Override
    public final long receiptNanos() {
        return 0;
    }

    @Override
    public final void reject(RuntimeException cause) {
        throw cause;
    }

    @Override
    public final EventDetails at(long timestampNanos) {
        return this;
    }

    @Override
    public final EventDetails value(double value) {
        return this;
    }

    @Override
    public final EventDetails weight(double weight) {
        return this;
    }

    @Override
    public final EventDetails item(int offset, int length) {
        return this;
    }
}
