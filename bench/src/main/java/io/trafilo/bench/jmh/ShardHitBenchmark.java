package io.trafilo.bench.jmh;

import io.trafilo.Counter;
import io.trafilo.bench.KeySequence;
import io.trafilo.state.WindowRules;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * An event of a key that is there. An operation is one event: its key is drawn (the read of an array) and hashed, looked ahead
 * at in a group of 32, its state, window and timer are updated under the shard's lock, and it bears its share of the timers of
 * all keys and of the windows emitted. Time is not the clock's: an event each microsecond, timers polled each millisecond, so
 * the windows are as full, and the timers as many, as in an engine at a million events a second. Left out: ring, parser, clock,
 * other threads.
 */
@State(Scope.Thread)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms4g", "-Xmx4g"})
public class ShardHitBenchmark extends AverageNanos {
    private static final long STEP_NANOS = 1_000;
    private static final int POLL_EVENTS = 32 * ShardRig.GROUP;
    private static final double EXPONENT = 0.99;

    /** A prime, by which the keys are created in another order than that of how busy they are. */
    private static final long SCATTER = 2_654_435_761L;

    /** How many keys there are. */
    @Param({"100", "1000", "10000", "100000", "1000000", "10000000"})
    public int keys = 1;

    /** How the events spread over them: uniform, or Zipf with exponent 0.99. */
    @Param({"uniform", "zipf"})
    public String distribution = "uniform";

    /** The size of the window in milliseconds; it slides by a fifth. */
    @Param("5000")
    public long windowMillis = 5_000;

    private KeySequence sequence;
    private ShardRig rig;
    private ShardRig.Driver driver;
    private long events;

    /** Creates the keys, then lets events come until the windows and the timers are in their steady state. */
    @Setup
    public void setUp() {
        sequence = distribution.equals("zipf") ? KeySequence.zipf(keys, EXPONENT, 1) : KeySequence.uniform(keys, 1);
        long sizeNanos = TimeUnit.MILLISECONDS.toNanos(windowMillis);
        rig = new ShardRig(ShardRig.SHARDS, new WindowRules(sizeNanos, sizeNanos / 5, false, true, 0), keys, true);
        driver = rig.newDriver();
        for (long created = 0; created < keys; created += ShardRig.GROUP) {
            for (int i = 0; i < ShardRig.GROUP; i++) {
                event((created + i) * SCATTER % keys);
            }
            applyGroup();
        }
        Expect.same("keys", rig.liveKeys(), keys);
        long until = events + 2 * sizeNanos / STEP_NANOS;
        while (events < until) {
            hit();
        }
    }

    /** All keys were hits, and the windows are full. */
    @TearDown
    public void tearDown() {
        rig.check(events, 0);
        Expect.same("late", rig.sum(Counter.LATE), 0);
        Expect.same("keys", rig.sum(Counter.KEYS_CREATED), keys);
        long full = TimeUnit.MILLISECONDS.toNanos(windowMillis) / STEP_NANOS;
        Expect.between("timestamps", rig.liveTimestamps(), full - full / 10, full + full / 2);
    }

    /** Events of 32 drawn keys. */
    @Benchmark
    @OperationsPerInvocation(ShardRig.GROUP)
    public long hit() {
        for (int i = 0; i < ShardRig.GROUP; i++) {
            event(sequence.next());
        }
        applyGroup();
        return events;
    }

    private void event(long key) {
        driver.event(key, ++events * STEP_NANOS);
    }

    private void applyGroup() {
        driver.apply(events * STEP_NANOS);
        if (events % POLL_EVENTS == 0) {
            driver.pollTimers(events * STEP_NANOS);
        }
    }
}
