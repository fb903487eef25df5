package io.trafilo.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes samples of a target under load. What is seen within a moment of a sample is added to that sample, so that together
 * they hold all that happened and none is the noise of a short time. For one thread.
 */
final class LoadSampler {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration USUAL = Duration.ofSeconds(1);
    private static final Duration SHORT_UP_TO = Duration.ofMinutes(1);

    private final LoadTarget target;
    private final LongSupplier nanoClock;
    private final long periodNanos;
    private final List<Reading> readings = new ArrayList<>();

    /** What happened since the sample before. The ring fill is that of the moment, 0 to 1, if there is a ring. */
    record Sample(
            double seconds,
            double receivedPerSecond,
            double handledPerSecond,
            double lostPerSecond,
            @Nullable Double ringFill) {}

    /** What the target had counted at a moment. */
    record Reading(long nanos, LoadCounts counts, double ringFill) {
        boolean sameCountsAs(Reading other) {
            return counts.received() == other.counts.received()
                    && counts.handled() == other.counts.handled()
                    && counts.lost() == other.counts.lost();
        }

        Sample since(Reading before, long startNanos) {
            double seconds = (nanos - before.nanos) / 1e9;
            return new Sample(
                    (nanos - startNanos) / 1e9,
                    (counts.received() - before.counts.received()) / seconds,
                    (counts.handled() - before.counts.handled()) / seconds,
                    (counts.lost() - before.counts.lost()) / seconds,
                    Double.isNaN(ringFill) ? null : ringFill);
        }
    }

    /** @param duration how long the load will go on */
    LoadSampler(LoadTarget target, Duration duration, LongSupplier nanoClock) {
        this.target = target;
        this.nanoClock = nanoClock;
        this.periodNanos = (duration.compareTo(SHORT_UP_TO) <= 0 ? SHORT : USUAL).toNanos();
        readings.add(read());
    }

    /** How often to take a sample. */
    long periodNanos() {
        return periodNanos;
    }

    void sample() {
        add(read());
    }

    /**
     * Takes a last sample, if anything happened since the one before.
     *
     * @param endNanos when the last of it happened
     */
    void end(long endNanos) {
        Reading now = read();
        if (!now.sameCountsAs(last())) {
            add(new Reading(Math.max(endNanos, last().nanos + 1), now.counts, now.ringFill));
        }
    }

    private void add(Reading now) {
        Reading last = last();
        if (readings.size() > 1 && now.nanos - last.nanos < periodNanos / 2) {
            readings.set(
                    readings.size() - 1, new Reading(now.nanos, now.counts, Math.max(last.ringFill, now.ringFill)));
        } else {
            readings.add(now);
        }
    }

    Reading last() {
        return readings.get(readings.size() - 1);
    }

    private Reading read() {
        return new Reading(nanoClock.getAsLong(), target.counts(), target.ringFill());
    }

    List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        for (int i = 1; i < readings.size(); i++) {
            samples.add(readings.get(i).since(readings.get(i - 1), readings.get(0).nanos));
        }
        return samples;
    }
}
