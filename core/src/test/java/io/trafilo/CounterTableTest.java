package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each counter means the same in {@link Counter}, in its Javadoc and in docs; so do the sums of {@link Ledger}. */
class CounterTableTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path DOCS = MODULE.resolveSibling("docs");
    private static final Path SOURCES = MODULE.resolve("src/main/java/io/trafilo");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| ([^|]+) \\| [^|]*\\|$");
    private static final Pattern CONSTANT = Pattern.compile("/\\*\\*([^*]*(?:\\*(?!/)[^*]*)*)\\*/\\s*([A-Z_]+)\\(");
    private static final Pattern SUM = Pattern.compile("(?m)^[ *]*(\\w+(?: \\+ \\w+)*) += (\\w+(?: \\+ \\w+)+)$");

    @Test
    void shouldHaveARowForEachCounterInOrderWithItsLabelAndMeaning() throws IOException {
        String page = Files.readString(DOCS.resolve("operations.md"));
        List<String> rows = ROW.matcher(section(page, "| counter | counts |"))
                .results()
                .map(row -> row.group(1) + ": " + row.group(2).replace("`", ""))
                .toList();
        List<String> counters = Arrays.stream(Counter.values())
                .map(counter -> counter.label() + ": " + counter.meaning())
                .toList();
        assertThat(rows).containsExactlyElementsOf(counters);
    }

    /** The table that begins with this line, up to the first empty line. */
    private static String section(String page, String head) {
        int from = page.indexOf(head);
        assertThat(from).as(head).isNotNegative();
        return page.substring(from, page.indexOf("\n\n", from));
    }

    @Test
    void shouldNumberCountersFromZeroWithoutGaps() {
        int count = Counter.values().length;
        assertThat(Arrays.stream(Counter.values()).map(Counter::id))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, count).boxed().toList());
    }

    @Test
    void shouldSayTheSameInTheJavadocOfEachCounterAsInItsMeaning() throws IOException {
        Map<String, String> javadoc = new HashMap<>();
        Matcher constants = CONSTANT.matcher(Files.readString(SOURCES.resolve("Counter.java")));
        while (constants.find()) {
            javadoc.put(constants.group(2), normal(constants.group(1)));
        }
        Map<String, String> meanings = new HashMap<>();
        for (Counter counter : Counter.values()) {
            meanings.put(counter.name(), normal(counter.meaning()));
        }
        assertThat(javadoc).isEqualTo(meanings);
    }

    private static String normal(String text) {
        String words = text.replaceAll("\\{@code ([^}]*)}", "$1").replaceAll("[\\s*]+", " ");
        return words.strip().replaceAll("\\.$", "").toLowerCase(Locale.ROOT);
    }

    @Test
    void shouldGiveTheSameSumsInTheSemanticsAsInTheJavadocOfTheLedger() throws IOException {
        List<String> ofLedger = sums(Files.readString(SOURCES.resolve("Ledger.java")));
        List<String> ofSemantics = sums(Files.readString(DOCS.resolve("semantics.md")));
        assertThat(ofLedger).hasSize(5);
        assertThat(ofSemantics).filteredOn(sum -> !sum.startsWith("sent")).isEqualTo(ofLedger);
    }

    /** With one space between words, in order. */
    private static List<String> sums(String text) {
        return SUM.matcher(text)
                .results()
                .map(sum -> sum.group(1) + " = " + sum.group(2))
                .toList();
    }
}
