package io.trafilo.formats;

import org.jspecify.annotations.Nullable;

/** The types of metrics in StatsD and DogStatsD. */
public enum MetricType {
    /** {@code c}: events that are counted. */
    COUNTER("c"),

    /** {@code g}: the newest value counts. */
    GAUGE("g"),

    /** {@code ms}: how long something took, in milliseconds. */
    TIMER("ms"),

    /** {@code h}: values whose distribution matters, in any unit. */
    HISTOGRAM("h"),

    /** {@code d}: the same, of all senders together. */
    DISTRIBUTION("d"),

    /** {@code s}: members, of which the different ones are counted. They are text. */
    SET("s");

    private final String symbol;

    MetricType(String symbol) {
        this.symbol = symbol;
    }

    /** {@return what stands for the type in a message} */
    public String symbol() {
        return symbol;
    }

    /** Whether a sample rate says how many events a value stands for; a gauge and a set have the same value however often it comes. */
    boolean isSampled() {
        return this != GAUGE && this != SET;
    }

    /** The type that these bytes name; null if they name none. */
    static @Nullable MetricType read(byte[] source, int start, int end) {
        if (end - start == 1) {
            return switch (source[start]) {
                case 'c' -> COUNTER;
                case 'g' -> GAUGE;
                case 'h' -> HISTOGRAM;
                case 'd' -> DISTRIBUTION;
                case 's' -> SET;
                default -> null;
            };
        }
        return end - start == 2 && source[start] == 'm' && source[start + 1] == 's' ? TIMER : null;
    }
}
