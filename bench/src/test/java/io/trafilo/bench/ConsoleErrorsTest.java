package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleErrorsTest {
    @Test
    void shouldSayOneLineWhenErrorsComeInNumbers() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ConsoleErrors errors = new ConsoleErrors(new PrintStream(err, true, StandardCharsets.UTF_8)::println);
        for (int i = 0; i < 3; i++) {
            errors.onError(Stage.SINK, Key.of("k"), new IllegalStateException("a\nb\u001bc"));
        }
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("SINK failed: java.lang.IllegalStateException: a\\u{a}b\\u{1b}c");
    }
}
