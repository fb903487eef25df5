package io.trafilo.simulation;

import io.trafilo.OverloadPolicy;
import io.trafilo.WaitMode;
import io.trafilo.dispatch.DispatchSettings;
import io.trafilo.state.WindowRules;
import java.util.SplittableRandom;

/**
 * How one simulated engine is set up.
 *
 * @param retained how many timestamps all windows together may hold
 * @param hasValues whether windows have aggregates; then no window is ever truncated
 * @param goesBack whether the clock may go backward
 * @param faultOneIn how rarely a callback fails for a key in a step; 0 for never
 * @param slowOneIn how rarely other things happen while a callback is at work; 0 for never
 * @param fatalOneIn how rarely a failing handler throws what the engine cannot outlive; 0 for never
 * @param holdOneIn how rarely another thread begins to hold a shard, or lets go of it, between two steps; 0 for never
 * @param deathOneIn how rarely an error of its own throws a worker out of a run; 0 for never
 */
record Plan(
        WindowRules rules,
        DispatchSettings dispatch,
        Dialect dialect,
        OverloadPolicy policy,
        int shards,
        int maxKeys,
        long retained,
        boolean hasSink,
        boolean hasValues,
        boolean goesBack,
        int socketCapacity,
        int faultOneIn,
        int slowOneIn,
        int fatalOneIn,
        int holdOneIn,
        int deathOneIn,
        int operations) {

    /** More keys in one spoke of the timers make them less exact, which the semantics allow and the model does not. */
    private static final int MAX_KEYS = 16;

    static Plan random(SplittableRandom random) {
        int shards = 1 << random.nextInt(3);
        boolean hasSink = random.nextInt(8) != 0;
        boolean goesBack = random.nextInt(3) == 0;
        WindowRules rules = randomRules(random);
        // which shard holds the room that is left, and when a silent timer expires timestamps, the semantics do not
        // tell
        boolean exact = shards == 1 && !goesBack;
        long retained = exact && random.nextBoolean() ? 1 + random.nextInt(12) : 100_000;
        return new Plan(
                rules,
                randomDispatch(random),
                Dialect.values()[random.nextInt(Dialect.values().length)],
                random.nextBoolean() ? OverloadPolicy.BLOCK : OverloadPolicy.DROP_NEWEST,
                shards,
                random.nextInt(3) == 0 ? 1 + random.nextInt(4) : MAX_KEYS,
                retained,
                hasSink,
                retained == 100_000 && random.nextBoolean(),
                goesBack,
                1 + random.nextInt(32),
                random.nextInt(3) == 0 ? 0 : 2 + random.nextInt(20),
                random.nextInt(3) == 0 ? 0 : 2 + random.nextInt(20),
                random.nextInt(8) == 0 ? 4 : 0,
                random.nextInt(8) == 0 ? 4 + random.nextInt(40) : 0,
                random.nextInt(8) == 0 ? (int) pick(random, 1, 20, 20) : 0,
                20 + random.nextInt(180));
    }

    private static WindowRules randomRules(SplittableRandom random) {
        long unit = pick(random, 1, 1_000, 1_000_000, 1_000_000_000);
        long size = unit * (1 + random.nextInt(20));
        long slide = random.nextInt(4) == 0 ? size : 1 + random.nextLong(size);
        long idle = random.nextBoolean() ? 0 : pick(random, 1, slide, size, size + slide, 3 * size, 40 * size);
        idle = idle == 0 ? 0 : Math.max(1, idle + pick(random, -1, 0, 1));
        return new WindowRules(size, slide, random.nextInt(4) == 0, random.nextInt(4) != 0, idle);
    }

    private static DispatchSettings randomDispatch(SplittableRandom random) {
        return new DispatchSettings(
                1 + random.nextInt(4),
                1 << random.nextInt(1, 7),
                1 + random.nextInt(8),
                96,
                1 + random.nextInt(12),
                1 + random.nextInt(5),
                WaitMode.PARK);
    }

    static long pick(SplittableRandom random, long... values) {
        return values[random.nextInt(values.length)];
    }
}
