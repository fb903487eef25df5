package io.trafilo.bench;

import java.util.function.Supplier;
import java.util.regex.Pattern;

/** A setting that cannot be: the program says so and ends with code 2. */
final class SettingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What the engine calls a setting, at the beginning of its message. */
    private static final Pattern ENGINES_NAME = Pattern.compile("^\\w+: ");

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
            String message = String.valueOf(refused.getMessage());
            throw new SettingException(
                    option + ": " + ENGINES_NAME.matcher(message).replaceFirst(""));
        }
    }
}
