package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MessageSetTest {
    private static String text(MessageSet messages, int key) {
        ByteBuf written = Unpooled.buffer();
        messages.write(key, written);
        return written.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void shouldPadEachMessageToTheSize() {
        MessageSet messages = new MessageSet(MessageSet.Form.TOKEN, 1_000, 12);
        assertThat(text(messages, 0)).isEqualTo("svc0 xxxxxxx");
        assertThat(text(messages, 42)).isEqualTo("svc42 xxxxxx");
        assertThat(text(messages, 999)).isEqualTo("svc999 xxxxx");
    }

    @Test
    void shouldPadTheNameWhenSendingStatsD() {
        MessageSet messages = new MessageSet(MessageSet.Form.STATSD, 1_000, 15);
        assertThat(text(messages, 0)).isEqualTo("svc0.hitsxx:1|c");
        assertThat(text(messages, 42)).isEqualTo("svc42.hitsx:1|c");
        assertThat(text(messages, 999)).isEqualTo("svc999.hits:1|c");
        assertThatThrownBy(() -> MessageSet.check(MessageSet.Form.STATSD, 1_000, 14))
                .hasMessageContaining("at least 15");
    }

    @Test
    void shouldFitExactlyWhenSizeIsTheLeast() {
        assertThat(text(new MessageSet(MessageSet.Form.TOKEN, 1_000, 7), 999)).isEqualTo("svc999 ");
    }

    @Test
    void shouldRefuseWhenLongestKeyDoesNotFit() {
        assertThatThrownBy(() -> new MessageSet(MessageSet.Form.TOKEN, 1_001, 7))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("--size")
                .hasMessageContaining("at least 8");
    }

    @Test
    void shouldRefuseWhenMessagesTakeTooMuchMemory() {
        assertThatThrownBy(() -> MessageSet.check(MessageSet.Form.TOKEN, 1_000_000, 65_000))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("--keys * --size");
    }

    @Test
    void shouldWriteTheSameAgain() {
        MessageSet messages = new MessageSet(MessageSet.Form.TOKEN, 10, 8);
        assertThat(text(messages, 3)).isEqualTo("svc3 xxx");
        assertThat(text(messages, 3)).isEqualTo("svc3 xxx");
    }
}
