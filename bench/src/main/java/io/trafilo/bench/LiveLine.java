package io.trafilo.bench;

import java.util.regex.Pattern;

/** Prints a line for each second of the samples of a load test. */
final class LiveLine {
    private static final Pattern FORM = Pattern.compile("(warm-up|measured) +\\d+ s  received .*");
    private static final long PERIOD_NANOS = 1_000_000_000;

    private final Console console;
    private final String phase;
    private final LoadSampler.Reading first;
    private LoadSampler.Reading last;

    LiveLine(Console console, String phase, LoadSampler.Reading first) {
        this.console = console;
        this.phase = phase;
        this.first = first;
        this.last = first;
    }

    /** Whether a line is what {@link #print} prints. */
    static boolean isOne(String line) {
        return FORM.matcher(line).matches();
    }

    /** Prints what came since the last line, when a second is over; at the end when half of one is. */
    void print(LoadSampler.Reading now, boolean end) {
        if (now.nanos() - last.nanos() < (end ? PERIOD_NANOS / 2 : PERIOD_NANOS)) {
            return;
        }
        LoadSampler.Sample sample = now.since(last, first.nanos());
        console.say(
                "%-8s %3d s  received %,9.0f/s  handled %,9.0f/s  ring %3s %%  lost %,d",
                phase,
                Math.round(sample.seconds()),
                sample.receivedPerSecond(),
                sample.handledPerSecond(),
                sample.ringFill() == null ? "-" : Long.toString(Math.round(100 * sample.ringFill())),
                now.counts().lost() - last.counts().lost());
        last = now;
    }
}
