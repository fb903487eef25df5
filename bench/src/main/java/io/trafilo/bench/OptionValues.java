package io.trafilo.bench;

import java.lang.reflect.AnnotatedElement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The values of options: what each kind looks like, whether one is in its range, and what is said of one that is refused. */
final class OptionValues {
    private static final Map<String, String> EXAMPLES = new LinkedHashMap<>();

    static {
        EXAMPLES.put("<time>", "a number and its unit: 500ms, 5s, 2m");
        EXAMPLES.put("<count>", "a whole number: 4096");
        EXAMPLES.put("<number>", "a number: 0.99");
        EXAMPLES.put("<bytes>", "bytes, KiB or MiB: 65536, 64k, 4m");
        EXAMPLES.put("<host>", "an address or a name: 127.0.0.1, ::1, localhost");
        EXAMPLES.put("<port>", "a whole number, 0 to 65535");
        EXAMPLES.put("<host:port>", "127.0.0.1:9999, [::1]:9999");
        EXAMPLES.put(
                "<part>",
                "one or more, with commas. dogstatsd, influx, graphite: tags; syslog: host, app, severity, facility; token, lines: sender");
        EXAMPLES.put("<name>", "the name of a field: temp");
        EXAMPLES.put("<network>", "an address, or one and the length of its prefix: ::1, 10.0.0.0/8");
        EXAMPLES.put("<file>", "the path of a file to write, in a directory that exists");
        EXAMPLES.put("<cases>", "the path of a file to read, with an object a line: id, input, expect");
        EXAMPLES.put(
                "<peers>", "collectd, netdata, statsd, rsyslog, trafilo or trafilo-run-to-completion, or several: a,b");
        EXAMPLES.put("<dir>", "the path of a directory, which need not exist");
    }

    private OptionValues() {}

    /** For the help of a command: each kind of value that its options take, with examples. */
    static List<String> kinds(CommandSpec command) {
        List<String> lines = new ArrayList<>();
        EXAMPLES.forEach((kind, examples) -> {
            if (command.options().stream()
                    .anyMatch(option -> option.paramLabel().equals(kind))) {
                lines.add(Console.format("  %-12s %s", kind, examples).replace("%", "%%"));
            }
        });
        if (!lines.isEmpty()) {
            lines.addAll(0, List.of("", "Values:"));
        }
        return lines;
    }

    /** Refuses a number that is not in the {@link Range} of its option. */
    static void check(ParseResult parsed) {
        ParseResult command = parsed;
        while (command.hasSubcommand()) {
            command = command.subcommand();
        }
        for (OptionSpec option : command.commandSpec().options()) {
            Range range = range(option);
            Object value = range == null ? null : option.getValue();
            if (range != null && value instanceof Number number && !contains(range, number.longValue())) {
                throw new ParameterException(
                        command.commandSpec().commandLine(), text(option, number, range.min() + " to " + range.max()));
            }
        }
    }

    private static boolean contains(Range range, long value) {
        return value >= range.min() && value <= range.max();
    }

    private static @Nullable Range range(ArgSpec argument) {
        return argument.userObject() instanceof AnnotatedElement field ? field.getAnnotation(Range.class) : null;
    }

    /** What is wrong with a command line: the option, its value, and what was expected. */
    static String text(ParameterException refused) {
        ArgSpec argument = refused.getArgSpec();
        if (refused instanceof MissingParameterException missing) {
            return missing.getMissing().stream()
                    .map(of -> name(of) + ": no value (expected: " + of.paramLabel() + ")")
                    .collect(Collectors.joining("; "));
        }
        if (argument == null || refused.getValue() == null) {
            return String.valueOf(refused.getMessage());
        }
        return text(argument, refused.getValue(), rule(argument));
    }

    private static String text(ArgSpec argument, Object value, String rule) {
        return SettingException.text(name(argument), value, rule);
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String rule(ArgSpec argument) {
        Class<?> type = Objects.requireNonNullElse(argument.auxiliaryTypes()[0], argument.type());
        Range range = range(argument);
        String kind = EXAMPLES.get(argument.paramLabel());
        if (type.isEnum()) {
            return oneOf(type);
        }
        if (range != null) {
            return "a whole number, " + range.min() + " to " + range.max();
        }
        if (type == Path.class) {
            return "the path of a file";
        }
        return kind == null ? argument.paramLabel() : kind;
    }

    private static String oneOf(Class<?> type) {
        return Stream.of(type.getEnumConstants())
                .map(constant ->
                        ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "))
                .replaceFirst(", ([^,]*)$", " or $1");
    }
}
