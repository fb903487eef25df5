package io.trafilo.bench.jmh;

import io.trafilo.AggregateSet;
import io.trafilo.Aggregates;
import io.trafilo.WindowView;
import io.trafilo.state.WindowRules;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * An event with a value, where windows have aggregates: an operation is an event of one of the keys in turn, hashed, looked ahead
 * at in a group of 32 and applied, with its share of the windows, which are emitted each slide and asked for what is aggregated.
 * The window is of five slides. Left out: ring, parser, clock, other threads.
 */
@State(Scope.Thread)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g"})
public class ValueBenchmark extends AverageNanos {
    private static final long SLIDE_NANOS = 1_000_000_000;
    private static final int SLIDES_PER_WINDOW = 5;
    private static final int VALUES = 1 << 16;

    /** What there is to aggregate, and what the sink asks for. */
    public enum What {
        /** The bare count. */
        COUNT,
        /** Three that cost little. */
        SUM_MIN_MAX,
        /** Sums of squares, too. */
        DEVIATION,
        /** Two quantiles. */
        QUANTILES,
        /** The key's own number is its only item. */
        DISTINCT;

        AggregateSet set() {
            return switch (this) {
                case COUNT -> Aggregates.none();
                case SUM_MIN_MAX -> Aggregates.sum().min().max();
                case DEVIATION -> Aggregates.sum().deviation();
                case QUANTILES -> Aggregates.quantiles();
                case DISTINCT -> Aggregates.distinct();
            };
        }

        ToDoubleFunction<WindowView> asked() {
            return switch (this) {
                case COUNT -> WindowView::count;
                case SUM_MIN_MAX -> window -> window.count() + window.sum() + window.min() + window.max();
                case DEVIATION -> window -> window.count() + window.sum() + window.standardDeviation();
                case QUANTILES -> window -> window.count() + window.quantile(0.5) + window.quantile(0.99);
                case DISTINCT -> window -> (double) (window.count() + window.distinct());
            };
        }
    }

    /** The aggregates. */
    @Param
    public What what = What.COUNT;

    /** How many keys there are. */
    @Param("1000")
    public int keys = 1;

    /** How many events each key has in a window. */
    @Param({"100", "1000", "10000"})
    public int perWindow = 1;

    private final double[] values = new SplittableRandom(1)
            .doubles(VALUES)
            .map(value -> 1000 * value * value)
            .toArray();

    private ShardRig rig;
    private ShardRig.Driver driver;
    private double nanosPerGroup;
    private long groups;
    private long events;

    /** Fills the windows. */
    @Setup
    public void setUp() {
        WindowRules rules = new WindowRules(SLIDES_PER_WINDOW * SLIDE_NANOS, SLIDE_NANOS, false, true, 0);
        rig = new ShardRig(ShardRig.SHARDS, rules, keys, what.asked(), what.set());
        driver = rig.newDriver();
        nanosPerGroup = (double) ShardRig.GROUP * rules.sizeNanos() / keys / perWindow;
        while (events < 1.2 * keys * perWindow) {
            group();
        }
    }

    /** Events of 32 keys. */
    @Benchmark
    @OperationsPerInvocation(ShardRig.GROUP)
    public long group() {
        long nowNanos = (long) (groups++ * nanosPerGroup);
        for (int i = 0; i < ShardRig.GROUP; i++) {
            driver.event(events % keys, nowNanos, values[(int) (events * 31 % VALUES)]);
            events++;
        }
        driver.apply(nowNanos);
        return nowNanos;
    }

    /** Each event has come to what it should. */
    @TearDown
    public void tearDown() {
        rig.check(events, 0);
    }
}
