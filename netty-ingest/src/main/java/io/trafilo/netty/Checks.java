package io.trafilo.netty;

import java.time.Duration;

/** Checks settings. Each message names the setting, the value, its unit and the rule. */
final class Checks {
    private static final Duration LONGEST = Duration.ofDays(365);

    private Checks() {}

    static int inRange(String setting, int value, int min, int max, String unit) {
        if (value < min || value > max) {
            throw broken(setting, value + " " + unit, min + " to " + max);
        }
        return value;
    }

    static Duration notNegative(String setting, Duration value) {
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw broken(setting, text(value), ">= 0 and <= " + LONGEST.toDays() + " days");
        }
        return value;
    }

    static IllegalArgumentException broken(String setting, String value, String rule) {
        return new IllegalArgumentException(setting + ": " + value + " (expected: " + rule + ")");
    }

    /** In milliseconds if that is exact, else in seconds. */
    private static String text(Duration value) {
        boolean wholeMillis = value.getNano() % 1_000_000 == 0;
        return wholeMillis
                ? value.getSeconds() * 1_000 + value.getNano() / 1_000_000 + " ms"
                : value.getSeconds() + "." + String.format("%09d", value.getNano()) + " s";
    }
}
