package io.trafilo.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ParseCommandTest {
    private static final Path CASES = Path.of("../extensions/formats/src/test/resources/cases");

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = MessageFormat.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"TOKEN", "LINES"})
    void shouldFindWhatIsExpectedOfEachCase(MessageFormat format) throws IOException {
        Path file = CASES.resolve(format + ".jsonl");
        TestConsole console = new TestConsole();

        int exitCode = console.run("parse", "--format", format.toString(), "--check", file.toString());

        int cases = Files.readAllLines(file).size();
        assertThat(console.out()).isEqualTo("%s.jsonl: %d of %d as expected%n", format, cases, cases);
        assertThat(exitCode).isZero();
    }

    @Test
    void shouldSayWhatDiffersWhenACaseIsNotAsExpected() throws IOException {
        Path file = Files.write(
                directory.resolve("two.jsonl"),
                List.of(
                        "{\"id\": \"a\", \"input\": \"n:1|c\\n\", \"expect\": {\"events\": [], \"bad\": 1}}",
                        "{\"id\": \"b\", \"input\": \"\", \"expect\": {\"bad\": 0.0, \"events\": []}}"));
        TestConsole console = new TestConsole();

        assertThat(console.run("parse", "--format", "statsd", "--check", file.toString()))
                .isEqualTo(1);
        assertThat(console.out().lines())
                .containsExactly(
                        "a: \"n:1|c\\n\"",
                        "  expected {\"events\":[],\"bad\":1}",
                        "  found    {\"events\":[{\"key\":\"n\",\"value\":1,\"type\":\"c\",\"rate\":1}],\"bad\":0}",
                        "two.jsonl: 1 of 2 as expected");
    }

    @Test
    void shouldNameFileAndLineWhenACaseIsNone() throws IOException {
        Path file = Files.write(directory.resolve("bad.jsonl"), List.of("{\"id\": \"a\", \"input\": \"n:1|c\"}"));
        TestConsole console = new TestConsole();

        assertThat(console.run("parse", "--format", "statsd", "--check", file.toString()))
                .isEqualTo(1);
        assertThat(console.err()).contains("bad.jsonl: line 1: ", "(expected: an object with id, input and expect)");
    }

    @Test
    void shouldWriteAnObjectForEachMessageOfTheInput() {
        TestConsole console = new TestConsole("\"ä:1.5|ms\\nx\"\n\"\"\n".getBytes(UTF_8));

        assertThat(console.run("parse", "--format", "statsd")).isZero();
        assertThat(console.out().lines())
                .containsExactly(
                        "{\"events\":[{\"key\":\"ä\",\"value\":1.5,\"type\":\"ms\",\"rate\":1}],\"bad\":1}",
                        "{\"events\":[],\"bad\":0}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '\'',
            value = {
                "n:1|c ! line 2: n:1|c (expected: one message, as a JSON string)",
                "\"n:1|c ! line 2: \"n:1|c (expected: one message, as a JSON string)",
                "\"n\" \"m\" ! line 2: \"n\" \"m\" (expected: one message, as a JSON string)",
                "12 ! line 2: 12 (expected: one message, as a JSON string)",
                "'' ! line 2:  (expected: one message, as a JSON string)",
                "\"\u00ff\" ! line 2: no UTF-8 (expected: one message, as a JSON string)",
            })
    void shouldNameTheLineWhenItIsNoString(String line, String message) {
        TestConsole console = new TestConsole(("\"n:1|c\"\n" + line + "\n").getBytes(ISO_8859_1));

        assertThat(console.run("parse", "--format", "statsd")).isEqualTo(1);
        assertThat(console.out().lines()).hasSize(1);
        assertThat(console.err()).isEqualTo(message + System.lineSeparator());
    }

    @Test
    void shouldSayWhatTheFirstWordIs() {
        String messages = "\"a 1\\nb 2\"\n\" x\"\n";
        TestConsole token = new TestConsole(messages.getBytes(UTF_8));
        assertThat(token.run("parse", "--format", "token")).isZero();
        assertThat(token.out().lines())
                .containsExactly(
                        "{\"events\":[{\"key\":\"a\",\"payload\":\"1\\nb 2\"}],\"bad\":0}",
                        "{\"events\":[],\"bad\":1}");
        TestConsole lines = new TestConsole(messages.getBytes(UTF_8));
        assertThat(lines.run("parse", "--format", "lines")).isZero();
        assertThat(lines.out().lines().findFirst())
                .contains(
                        "{\"events\":[{\"key\":\"a\",\"payload\":\"1\"},{\"key\":\"b\",\"payload\":\"2\"}],\"bad\":0}");
    }
}
