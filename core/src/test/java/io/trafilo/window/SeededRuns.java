package io.trafilo.window;

import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Runs a random test for many seeds, fewer with {@code -Dtrafilo.test.maxRuns}, or for that of {@code -Dtrafilo.test.seed},
 * and names the seed that fails.
 */
final class SeededRuns {

    private static final String SEED_PROPERTY = "trafilo.test.seed";
    private static final String MAX_RUNS_PROPERTY = "trafilo.test.maxRuns";

    private SeededRuns() {}

    static void run(int runs, Consumer<SplittableRandom> test) {
        Long only = Long.getLong(SEED_PROPERTY);
        if (only != null) {
            test.accept(new SplittableRandom(only));
            return;
        }
        int seeds = Math.min(runs, Integer.getInteger(MAX_RUNS_PROPERTY, runs));
        for (long seed = 1; seed <= seeds; seed++) {
            try {
                test.accept(new SplittableRandom(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + " (once more with -D" + SEED_PROPERTY + "=" + seed + "): " + e, e);
            }
        }
    }
}
