package io.trafilo.bench.jmh;

import io.trafilo.AggregateSet;
import io.trafilo.Aggregates;
import io.trafilo.Counter;
import io.trafilo.WindowView;
import io.trafilo.aggregate.AggregateRules;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Progress;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import io.trafilo.state.Callbacks;
import io.trafilo.state.EventFlyweight;
import io.trafilo.state.KeyHash;
import io.trafilo.state.ShardAccess;
import io.trafilo.state.Shards;
import io.trafilo.state.WindowRules;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * An engine's shards without ring, parser and workers, at a time that the benchmark sets. A state counts its events and keeps
 * what its last window told. Threads drive it with a {@link Driver} each.
 */
final class ShardRig {
    /** How many events are applied together. */
    static final int GROUP = 32;

    /** As many shards as an engine has by default. */
    static final int SHARDS = 128;

    private static final long MAX_RETAINED = 100_000_000;
    private static final long STALL_NANOS = 1_000_000_000;
    private static final long LONGEST_SLEEP_NANOS = 10_000_000;

    private static final VarHandle KEYS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final LedgerBook book = new LedgerBook();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Failures failures =
            new Failures((stage, key, error) -> failure.set(error), book.shared(), failure::set, Runnable::run);
    private final KeyHash keyHash = new KeyHash(seeds());
    private final LossHistory losses;
    private final Shards<Tally> shards;

    /** The state of a key. */
    private static final class Tally {
        long events;
        double windowValue;
    }

    ShardRig(int shardCount, WindowRules rules, long maxKeys, boolean withSink) {
        this(shardCount, rules, maxKeys, withSink ? WindowView::count : null, Aggregates.none());
    }

    /** With a sink, unless {@code asked} is null, that asks each window for this. */
    ShardRig(
            int shardCount,
            WindowRules rules,
            long maxKeys,
            @Nullable ToDoubleFunction<WindowView> asked,
            AggregateSet aggregates) {
        losses = new LossHistory(book, rules.sizeNanos(), 0);
        Callbacks<Tally> callbacks = new Callbacks<>(
                key -> new Tally(),
                (event, tally) -> tally.events++,
                asked == null ? null : (window, tally) -> tally.windowValue = asked.applyAsDouble(window),
                null);
        shards = new Shards<>(
                shardCount,
                callbacks,
                rules,
                maxKeys,
                MAX_RETAINED,
                0,
                STALL_NANOS,
                new AggregateRules(aggregates, rules.sizeNanos(), rules.slideNanos()),
                keyHash);
    }

    /** The same in each run, so that the keys have the same places. */
    private static SecureRandom seeds() {
        try {
            SecureRandom seeds = SecureRandom.getInstance("SHA1PRNG");
            seeds.setSeed(1);
            return seeds;
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has it", missing);
        }
    }

    /** A way in for one more thread. */
    Driver newDriver() {
        return new Driver();
    }

    /** Does what a worker does with parsed events: hashes their keys, looks ahead at a group of them, and applies each. */
    final class Driver {
        private final CounterRow row = book.openRow();
        private final ShardAccess access = new ShardAccess(row, failures, losses);
        private final byte[] keys = new byte[GROUP * Long.BYTES];
        private final long[] hashes = new long[GROUP];
        private final long[] timestamps = new long[GROUP];
        private final double[] values = new double[GROUP];
        private int count;

        /** Adds an event, its key being the eight bytes of a number, to the group. */
        void event(long key, long timestampNanos) {
            event(key, timestampNanos, Double.NaN);
        }

        /** The same, with a value. */
        void event(long key, long timestampNanos, double value) {
            values[count] = value;
            int offset = count * Long.BYTES;
            KEYS.set(keys, offset, key);
            hashes[count] = keyHash.hash(keys, offset, Long.BYTES);
            timestamps[count] = timestampNanos;
            count++;
        }

        /** Applies the group, of {@link #GROUP} events at the most, and begins a new one. */
        void apply(long nowNanos) {
            shards.touch(access, hashes, 0, count);
            for (int i = 0; i < count; i++) {
                int offset = i * Long.BYTES;
                EventFlyweight event = access.beginEvent();
                event.wrap(keys, offset, Long.BYTES, keys, offset, 0, timestamps[i], timestamps[i]);
                event.carry(values[i], 1, offset, Long.BYTES);
                shards.update(access, hashes[i], nowNanos);
            }
            count = 0;
        }

        void pollTimers(long nowNanos) {
            losses.update(nowNanos);
            shards.pollTimers(access, nowNanos, nowNanos, nowNanos + LONGEST_SLEEP_NANOS);
        }

        /** How many windows the sink has taken from this thread. */
        long delivered() {
            return row.get(Counter.DELIVERED);
        }
    }

    long sum(Counter counter) {
        return book.sum(counter);
    }

    /** Fails unless all of so many events came to what they should: {@code refused} of them have no key, the others a state. */
    void check(long events, long refused) {
        Throwable error = failure.get();
        if (error != null) {
            throw new IllegalStateException("a callback or the engine failed", error);
        }
        Expect.same("handled", sum(Counter.HANDLED), events - refused);
        Expect.same("refused", sum(Counter.KEY_REFUSED), refused);
        Expect.same("skewed", sum(Counter.SKEWED), 0);
        Expect.same("truncated", sum(Counter.TRUNCATED), 0);
        Expect.same("live keys", shards.liveKeys(), sum(Counter.KEYS_CREATED) - sum(Counter.KEYS_DISPOSED));
        Expect.same(
                "live timestamps",
                shards.liveTimestamps(),
                sum(Counter.TIMESTAMPS_ADDED) - sum(Counter.EXPIRED) - sum(Counter.DISPOSED_WITH_KEY));
        if (sum(Counter.KEYS_DISPOSED) == 0) {
            long[] seen = new long[1];
            shards.forEach(new Progress(), (key, tally) -> seen[0] += tally.events);
            Expect.same("events in the states", seen[0], events - refused);
        }
    }

    long liveKeys() {
        return shards.liveKeys();
    }

    long liveTimestamps() {
        return shards.liveTimestamps();
    }
}
