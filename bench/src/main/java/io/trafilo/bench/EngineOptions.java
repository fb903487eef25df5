package io.trafilo.bench;

import io.trafilo.OverloadPolicy;
import io.trafilo.Trafilo;
import io.trafilo.TrafiloBuilder;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The settings of the engine that a command line can give. */
final class EngineOptions {
    private static final int DEFAULT_WORKERS =
            Trafilo.<Void>builder().handler((event, none) -> {}).settings().workers();

    private static final Map<String, String> BY_SETTING = Map.of(
            "window", "--window",
            "slide", "--slide",
            "workers", "--workers",
            "shards", "--shards",
            "ringCapacity", "--ring",
            "maxKeys", "--max-keys",
            "maxRetainedEvents", "--max-retained");

    /** What a message advises besides: it follows a setting that has one. */
    private static final Pattern WITHOUT_OPTION =
            Pattern.compile("(, | or )(maxKeyLength|maxClaim|maxMessageLength|maxEventsPerMessage) \\d+");

    @Option(names = "--window", paramLabel = "<time>", defaultValue = "5s")
    Duration window = Duration.ZERO;

    @Option(names = "--slide", paramLabel = "<time>", defaultValue = "1s")
    Duration slide = Duration.ZERO;

    @Option(names = "--workers", paramLabel = "<count>")
    @Range(min = 1, max = 64)
    @Nullable
    Integer workers;

    @Option(names = "--shards", paramLabel = "<count>", defaultValue = "128")
    int shards;

    @Option(names = "--ring", paramLabel = "<count>", defaultValue = "4096")
    int ring;

    @Option(names = "--max-keys", paramLabel = "<count>")
    @Nullable
    Long maxKeys;

    @Option(names = "--max-retained", paramLabel = "<count>")
    @Nullable
    Long maxRetained;

    @Option(
            names = "--policy",
            paramLabel = "block|drop-newest",
            defaultValue = "block",
            converter = PolicyConverter.class)
    OverloadPolicy policy = OverloadPolicy.BLOCK;

    /** Sets what the command line said; a value that the engine refuses is named by its option. */
    <S> TrafiloBuilder<S> apply(TrafiloBuilder<S> builder) {
        SettingException.naming("--window", () -> builder.window(window));
        SettingException.naming("--slide", () -> builder.slide(slide));
        SettingException.naming("--shards", () -> builder.shards(shards));
        SettingException.naming("--ring", () -> builder.ringCapacity(ring));
        if (workers != null) {
            int count = workers;
            SettingException.naming("--workers", () -> builder.workers(count));
        }
        if (maxKeys != null) {
            long count = maxKeys;
            SettingException.naming("--max-keys", () -> builder.maxKeys(count));
        }
        if (maxRetained != null) {
            long count = maxRetained;
            SettingException.naming("--max-retained", () -> builder.maxRetainedEvents(count));
        }
        return builder.overloadPolicy(policy);
    }

    /** Builds the engine; settings that do not go together are named by their options, those without one not at all. */
    static <S> Trafilo<S> build(TrafiloBuilder<S> builder) {
        try {
            return builder.build();
        } catch (IllegalArgumentException refused) {
            throw new SettingException(optionsIn(String.valueOf(refused.getMessage())));
        }
    }

    private static String optionsIn(String message) {
        String text = WITHOUT_OPTION.matcher(message).replaceAll("");
        for (Map.Entry<String, String> option : BY_SETTING.entrySet()) {
            text = text.replaceAll("(?<![-\\w])" + option.getKey() + "\\b", option.getValue());
        }
        return text;
    }

    int workerCount() {
        return workers == null ? DEFAULT_WORKERS : workers;
    }

    /** Reads a policy in the way options are written. */
    static final class PolicyConverter implements ITypeConverter<OverloadPolicy> {
        @Override
        public OverloadPolicy convert(String text) {
            for (OverloadPolicy policy : OverloadPolicy.values()) {
                if (text(policy).equals(text)) {
                    return policy;
                }
            }
            throw new TypeConversionException(text + " (expected: block or drop-newest)");
        }

        static String text(OverloadPolicy policy) {
            return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
