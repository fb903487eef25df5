package io.trafilo.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Counter;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The engine's parts over virtual time, from one seed each. A failure names its seed; {@code -Dtrafilo.simulation.seed=...} runs
 * that one alone, {@code -Dtrafilo.simulation.seeds=...} another number of them than the gate's.
 */
class SimulationTest {
    private static final int SEEDS_OF_THE_GATE = 2_000;
    private static final int SEEDS = 20_000;

    /** Counters of what is not simulated: calls of {@code emit}, which the engine itself counts. */
    private static final Set<Counter> NOT_MET =
            EnumSet.of(Counter.OFFER_REFUSED, Counter.CLOCK_CORRECTIONS, Counter.LIVE_TIMESTAMPS, Counter.LIVE_KEYS);

    @Test
    void shouldSayAndCountWhatTheModelDoesWhateverTheSeed() {
        Long only = Long.getLong("trafilo.simulation.seed");
        if (only != null) {
            new Simulation(only).run();
            return;
        }
        run(Integer.getInteger("trafilo.simulation.seeds", SEEDS_OF_THE_GATE));
    }

    @Test
    @Tag("slow")
    void shouldMeetEveryCounterInManySimulations() {
        assertThat(run(SEEDS)).as("counters met").isEqualTo(EnumSet.complementOf(EnumSet.copyOf(NOT_MET)));
    }

    private static Set<Counter> run(int seeds) {
        Set<Counter> met = EnumSet.noneOf(Counter.class);
        for (long seed = 1; seed <= seeds; seed++) {
            run(seed, met);
        }
        return met;
    }

    private static void run(long seed, Set<Counter> met) {
        try {
            Simulation simulation = new Simulation(seed);
            simulation.run();
            for (Counter counter : Counter.values()) {
                if (simulation.tally().get(counter) > 0) {
                    met.add(counter);
                }
            }
        } catch (Throwable e) {
            throw new AssertionError(
                    "seed " + seed + " (once more with -Dtrafilo.simulation.seed=" + seed + "): " + e, e);
        }
    }

    @Test
    void shouldSayTheSameWhenTheSeedIsTheSame() {
        for (long seed = 1; seed <= 50; seed++) {
            Simulation one = new Simulation(seed);
            one.run();
            Simulation other = new Simulation(seed);
            other.run();
            assertThat(other.history()).as("seed %d", seed).isEqualTo(one.history());
        }
    }
}
