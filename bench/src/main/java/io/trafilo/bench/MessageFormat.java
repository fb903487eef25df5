package io.trafilo.bench;

import java.util.Locale;

/** The formats that the programs read. */
enum MessageFormat {
    STATSD,
    DOGSTATSD,
    GRAPHITE;

    MessageJson newReader() {
        return switch (this) {
            case STATSD -> new StatsDJson();
            case DOGSTATSD -> new DogStatsDJson();
            case GRAPHITE -> new GraphiteJson();
        };
    }

    /** As a command line has it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
