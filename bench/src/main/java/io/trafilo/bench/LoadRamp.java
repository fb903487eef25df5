package io.trafilo.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Finds the highest rate at which an engine loses nothing, by bisection, each step a run of its own. */
final class LoadRamp {
    /** The search ends when what is left to search is such a part of the rate. */
    private static final double PRECISION = 0.05;

    private static final String RATE_WITHOUT_LOSS = "rateWithoutLoss";

    private LoadRamp() {}

    /** The report of a run at a rate, 0 for as fast as it can. */
    interface Run {
        Map<String, Object> at(long rate) throws IOException, InterruptedException;
    }

    /**
     * The report of the fastest run that lost nothing and was sent as fast as it should be; that of the slowest, if none. As
     * {@code rateWithoutLoss} it has the datagrams per second of that run, 0 if none.
     */
    static Map<String, Object> search(Run run, Console console) throws IOException, InterruptedException {
        Map<String, Object> best = run.at(0);
        double sent = LoadFigures.figure(best, "blaster.achievedRate");
        long high = Math.max(2, Math.round(sent));
        boolean found = isClean(best);
        long low = found ? high : 0;
        print(console, 0, best);
        while (high - low > PRECISION * high && high > 1) {
            long rate = (low + high) / 2;
            Map<String, Object> report = run.at(rate);
            print(console, rate, report);
            if (isClean(report)) {
                low = rate;
                best = report;
                found = true;
            } else {
                high = rate;
                best = found ? best : report;
            }
        }
        Map<String, Object> result = new LinkedHashMap<>(best);
        result.put(RATE_WITHOUT_LOSS, low);
        return result;
    }

    /** What the search found, for people; empty if the report is not of a search. */
    static String text(Map<String, Object> report) {
        double rate = LoadFigures.figure(report, RATE_WITHOUT_LOSS);
        if (Double.isNaN(rate)) {
            return "";
        }
        return rate > 0
                ? String.format(Locale.ROOT, "the highest rate without loss is %,.0f/s", rate)
                : "no rate without loss was found";
    }

    private static boolean isClean(Map<String, Object> report) {
        return LoadFigures.figure(report, "lost") == 0 && LoadFigures.figure(report, "blaster.skipped") == 0;
    }

    private static void print(Console console, long rate, Map<String, Object> report) {
        console.out()
                .printf(
                        Locale.ROOT,
                        "  at %s: lost %,d, not sent in time %,d%n",
                        rate == 0 ? "full speed" : String.format(Locale.ROOT, "%,d/s", rate),
                        (long) LoadFigures.figure(report, "lost"),
                        (long) LoadFigures.figure(report, "blaster.skipped"));
        console.out().flush();
    }
}
