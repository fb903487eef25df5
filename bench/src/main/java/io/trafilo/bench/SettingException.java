package io.trafilo.bench;

import java.util.function.Supplier;

/** A setting that cannot be: the program says so and ends with code 2. */
final class SettingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SettingException(String message) {
        super(message);
    }

    static SettingException of(String option, Object value, String rule) {
        return new SettingException(text(option, value, rule));
    }

    static String text(String option, Object value, String rule) {
        return option + ": " + value + " (expected: " + rule + ")";
    }

    /** Names the option at which a setting of the engine is refused. */
    static <T> T naming(String option, Supplier<T> setter) {
        try {
            return setter.get();
        } catch (IllegalArgumentException refused) {
            throw new SettingException(option + ": " + refused.getMessage());
        }
    }
}
