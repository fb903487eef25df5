package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {
    private final DurationConverter durations = new DurationConverter();
    private final BytesConverter bytes = new BytesConverter();

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "5s, PT5S",
        "2m, PT2M",
        "1h, PT1H",
        "0s, PT0S",
        "2.5s, PT2.5S",
        "7us, PT0.000007S",
        "1ns, PT0.000000001S"
    })
    void shouldReadDurationWhenItHasAUnit(String text, Duration expected) {
        assertThat(durations.convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "5S", "5d", "1e3s", "5s5", ".5s", "999999999999h"})
    void shouldRefuseDurationWhenItIsMalformed(String text) {
        assertThatThrownBy(() -> durations.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith(text + " (expected: ")
                .hasMessageContaining("500ms");
    }

    @ParameterizedTest
    @CsvSource({"PT5S, 5s", "PT0.5S, 500ms", "PT0S, 0s", "PT0.000001S, 1000ns", "PT2M, 120s"})
    void shouldWriteDurationSoThatItCanBeReadAgain(Duration duration, String expected) {
        assertThat(DurationConverter.text(duration)).isEqualTo(expected);
        assertThat(durations.convert(expected)).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "65536, 65536", "64k, 65536", "4m, 4194304", "4M, 4194304", "2047m, 2146435072"})
    void shouldReadSizeWhenItIsWellFormed(String text, int expected) {
        assertThat(bytes.convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "4mb", "-1", "4 m", "2048m", "9999999999", "9999999999m", "4g"})
    void shouldRefuseSizeWhenItIsMalformed(String text) {
        assertThatThrownBy(() -> bytes.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith(text + " (expected: ");
    }
}
