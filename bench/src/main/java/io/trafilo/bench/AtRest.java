package io.trafilo.bench;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a target under load used, from when this is made until it runs, and what it keeps then. For one thread. */
final class AtRest implements Runnable {
    private final LoadTarget target;
    private final Usage.Meter meter;
    private @Nullable Usage usage;
    private long retainedTimestamps;

    AtRest(LoadTarget target, GcPauses pauses) {
        this.target = target;
        this.meter = new Usage.Meter(pauses);
    }

    @Override
    public void run() {
        retainedTimestamps = target.retainedTimestamps();
        usage = meter.end();
    }

    Usage usage() {
        return Objects.requireNonNull(usage);
    }

    long retainedTimestamps() {
        return retainedTimestamps;
    }
}
