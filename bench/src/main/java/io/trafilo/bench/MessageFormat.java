package io.trafilo.bench;

import java.util.Locale;

/** The formats that the programs read. */
enum MessageFormat {
    TOKEN,
    LINES,
    STATSD,
    DOGSTATSD,
    GRAPHITE,
    SYSLOG,
    INFLUX;

    MessageJson newReader() {
        return switch (this) {
            case TOKEN -> new TokenJson(false);
            case LINES -> new TokenJson(true);
            case STATSD -> new StatsDJson();
            case DOGSTATSD -> new DogStatsDJson();
            case GRAPHITE -> new GraphiteJson();
            case SYSLOG -> new SyslogJson();
            case INFLUX -> new InfluxJson();
        };
    }

    /** As a command line has it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
