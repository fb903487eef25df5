package io.trafilo.bench;

import java.io.IOException;

/** Finds the highest rate at which an engine loses nothing, by bisection, each step a run of its own. */
final class LoadRamp {
    /** The search ends when what is left to search is such a part of the rate. */
    private static final double PRECISION = 0.05;

    private LoadRamp() {}

    /** A run at a rate, 0 for as fast as it can. */
    interface Run {
        LoadRun at(long rate) throws IOException, InterruptedException;
    }

    /**
     * The fastest run that lost nothing and was sent as fast as it should be, with the rate at which it was sent; the slowest
     * run, with the rate 0, if there is none.
     */
    static LoadRun search(Run run, Console console) throws IOException, InterruptedException {
        LoadRun best = run.at(0);
        long high = Math.max(2, Math.round(best.report().blaster().achievedRate()));
        boolean found = isClean(best);
        long low = found ? high : 0;
        print(console, 0, best);
        while (high - low > PRECISION * high && high > 1) {
            long rate = (low + high) / 2;
            LoadRun tried = run.at(rate);
            print(console, rate, tried);
            if (isClean(tried)) {
                low = rate;
                best = tried;
                found = true;
            } else {
                high = rate;
                best = found ? best : tried;
            }
        }
        return best.withRateWithoutLoss(low);
    }

    /** What the search found, for people; empty if the run is not of a search. */
    static String text(LoadRun run) {
        if (run.rateWithoutLoss() == null) {
            return "";
        }
        return run.rateWithoutLoss() > 0
                ? Console.format("the highest rate without loss is %,d/s", run.rateWithoutLoss())
                : "no rate without loss was found";
    }

    private static boolean isClean(LoadRun run) {
        return run.report().measured().lost() == 0 && run.report().blaster().skipped() == 0;
    }

    private static void print(Console console, long rate, LoadRun run) {
        console.say(
                "  at %s: lost %,d, not sent in time %,d",
                rate == 0 ? "full speed" : Console.format("%,d/s", rate),
                run.report().measured().lost(),
                run.report().blaster().skipped());
    }
}
