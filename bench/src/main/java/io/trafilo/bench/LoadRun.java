package io.trafilo.bench;

import org.jspecify.annotations.Nullable;

/**
 * The report of a load run, by itself or as one of a series.
 *
 * @param round from 1, in a series
 * @param rateWithoutLoss what a search for the highest rate without loss found, in datagrams per second; 0 if it found none
 * @param soak what a soak found
 */
record LoadRun(
        @Nullable Integer round,
        @Inline LoadReport report,
        @Nullable Long rateWithoutLoss,
        @Nullable SoakVerdict soak) implements LoadSeries.Outcome {
    static LoadRun of(LoadReport report) {
        return new LoadRun(null, report, null, null);
    }

    LoadRun inRound(int number) {
        return new LoadRun(number, report, rateWithoutLoss, soak);
    }

    LoadRun withRateWithoutLoss(long rate) {
        return new LoadRun(round, report, rate, soak);
    }

    LoadRun withSoak(SoakVerdict verdict) {
        return new LoadRun(round, report, rateWithoutLoss, verdict);
    }

    LoadEngine engine() {
        return report.engine();
    }

    /** Its round; that of a run by itself is the first. */
    int number() {
        return round == null ? 1 : round;
    }
}
