package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MessageSetTest {
    private static String text(ByteBuffer message) {
        return StandardCharsets.US_ASCII.decode(message).toString();
    }

    @Test
    void shouldPadEachMessageToTheSize() {
        MessageSet messages = new MessageSet(1_000, 12);
        assertThat(text(messages.message(0))).isEqualTo("svc0 xxxxxxx");
        assertThat(text(messages.message(42))).isEqualTo("svc42 xxxxxx");
        assertThat(text(messages.message(999))).isEqualTo("svc999 xxxxx");
    }

    @Test
    void shouldFitExactlyWhenSizeIsTheLeast() {
        assertThat(text(new MessageSet(1_000, 7).message(999))).isEqualTo("svc999 ");
    }

    @Test
    void shouldRefuseWhenLongestKeyDoesNotFit() {
        assertThatThrownBy(() -> new MessageSet(1_001, 7))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("--size")
                .hasMessageContaining("at least 8");
    }

    @Test
    void shouldRefuseWhenMessagesTakeTooMuchMemory() {
        assertThatThrownBy(() -> MessageSet.check(1_000_000, 65_000))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("--keys * --size");
    }

    @Test
    void shouldGiveIndependentViews() {
        MessageSet messages = new MessageSet(10, 8);
        messages.message(3).position(5);
        assertThat(text(messages.message(3))).isEqualTo("svc3 xxx");
    }
}
