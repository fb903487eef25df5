package io.trafilo.engine;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Duration;

/** Checks settings. Each message names the setting, the value, its unit and the rule. */
public final class Checks {
    /** Short enough that the sum of two times cannot overflow. */
    private static final Duration LONGEST = Duration.ofDays(365L * 10);

    private Checks() {}

    public static String notBlank(String setting, String value) {
        if (requireNonNull(value, setting).isBlank()) {
            throw broken(setting, "'" + value + "'", "not blank");
        }
        return value;
    }

    public static int inRange(String setting, int value, int min, int max, String unit) {
        return (int) inRange(setting, (long) value, min, max, unit);
    }

    public static long inRange(String setting, long value, long min, long max, String unit) {
        if (value < min || value > max) {
            throw broken(setting, value + " " + unit, min + " to " + max);
        }
        return value;
    }

    public static int powerOfTwo(String setting, int value, int min, int max, String unit) {
        if (Integer.bitCount(value) != 1 || value < min || value > max) {
            throw broken(setting, value + " " + unit, "a power of two, " + min + " to " + max);
        }
        return value;
    }

    public static Duration positive(String setting, Duration value) {
        if (requireNonNull(value, setting).isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw broken(setting, text(value), "> 0 and <= " + LONGEST.toDays() + " days");
        }
        return value;
    }

    public static Duration notNegative(String setting, Duration value) {
        if (requireNonNull(value, setting).isNegative() || value.compareTo(LONGEST) > 0) {
            throw broken(setting, text(value), ">= 0 and <= " + LONGEST.toDays() + " days");
        }
        return value;
    }

    public static Duration atLeast(String setting, Duration value, Duration least) {
        if (requireNonNull(value, setting).compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw broken(setting, text(value), ">= " + text(least) + " and <= " + LONGEST.toDays() + " days");
        }
        return value;
    }

    public static IllegalArgumentException broken(String setting, String value, String rule) {
        return new IllegalArgumentException(setting + ": " + value + " (expected: " + rule + ")");
    }

    /** In milliseconds if that is exact, else in seconds. */
    public static String text(Duration value) {
        BigDecimal seconds = BigDecimal.valueOf(value.getSeconds()).add(BigDecimal.valueOf(value.getNano(), 9));
        boolean wholeMillis = value.getNano() % 1_000_000 == 0;
        return wholeMillis ? seconds.movePointRight(3).toBigIntegerExact() + " ms" : seconds.toPlainString() + " s";
    }
}
