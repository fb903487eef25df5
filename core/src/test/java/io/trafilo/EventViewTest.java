package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.testing.TestEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a handler sees of an event, and a sink of a window. */
class EventViewTest {
    private void handle(String message, EventHandler<AtomicLong> handler) {
        try (TestEngine test = TestEngine.start(builder -> builder.handler(handler))) {
            test.send(message);
            assertThat(test.errors).isEmpty();
            assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1);
        }
    }

    @Test
    void shouldShowThePayload() {
        handle("key a\u00FCb", (event, state) -> {
            assertThat(event.payloadLength()).isEqualTo(4);
            assertThat(event.payloadText()).isEqualTo("a\u00FCb");
            assertThat(event.payloadByte(0)).isEqualTo((byte) 'a');
            assertThat(event.payloadByte(3)).isEqualTo((byte) 'b');
            byte[] copy = new byte[6];
            assertThat(event.copyPayload(copy, 1)).isEqualTo(4);
            assertThat(copy).containsExactly(0, 'a', 0xC3, 0xBC, 'b', 0);
        });
    }

    @Test
    void shouldShowNothingButThePayload() {
        handle("key ab", (event, state) -> {
            assertThatThrownBy(() -> event.payloadByte(-1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> event.payloadByte(2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> event.copyPayload(new byte[2], 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> event.copyPayload(new byte[2], -1)).isInstanceOf(IndexOutOfBoundsException.class);
        });
        handle("key ", (event, state) -> {
            assertThat(event.payloadLength()).isZero();
            assertThat(event.payloadText()).isEmpty();
            assertThat(event.copyPayload(new byte[0], 0)).isZero();
            assertThatThrownBy(() -> event.payloadByte(0)).isInstanceOf(IndexOutOfBoundsException.class);
        });
    }

    @Test
    void shouldShowThePayloadAsAReadOnlyBuffer() {
        handle("key a\u00FCb", (event, state) -> {
            ByteBuffer payload = event.payload();
            assertThat(payload.remaining()).isEqualTo(4);
            assertThat(payload.isReadOnly()).isTrue();
            assertThat(payload.hasArray()).isFalse();
            assertThat(payload.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
            assertThat(StandardCharsets.UTF_8.decode(payload).toString()).isEqualTo("a\u00FCb");
            assertThat(payload.hasRemaining()).isFalse();

            payload.clear().order(ByteOrder.LITTLE_ENDIAN); // must not show more, nor matter to the next
            assertThat(payload.remaining()).isEqualTo(4);
            assertThat(payload.get(0)).isEqualTo((byte) 'a');
            ByteBuffer again = event.payload();
            assertThat(again.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
            assertThat(StandardCharsets.UTF_8.decode(again).toString()).isEqualTo("a\u00FCb");
        });
        handle("key ", (event, state) -> assertThat(event.payload().remaining()).isZero());
    }

    /** Events of one message lie in the same array as those of the next, and each sees its own part. */
    @Test
    void shouldShowEachEventItsOwnPayload() {
        List<String> seen = new ArrayList<>();
        try (TestEngine test = TestEngine.start(builder -> builder.handler((event, state) ->
                seen.add(StandardCharsets.UTF_8.decode(event.payload()).toString())))) {
            test.send("key 1", "key 22", "key 333");
        }
        assertThat(seen).containsExactly("1", "22", "333");
    }

    @Test
    void shouldGiveTheSameKeyEachTime() {
        List<Key> keys = new ArrayList<>();
        try (TestEngine test = TestEngine.start(builder -> builder.state(key -> {
                    keys.add(key);
                    return new AtomicLong();
                })
                .handler((event, state) -> keys.add(event.key()))
                .disposer((key, state) -> keys.add(key)))) {
            test.send("key 1", "key 2");
        }
        assertThat(keys).hasSize(4).allSatisfy(key -> assertThat(key).isSameAs(keys.get(0)));
        assertThat(keys.get(0)).hasToString("key");
    }

    @Test
    void shouldHandNullToCallbacksWhenThereIsNoFactory() {
        List<Boolean> isNull = new ArrayList<>();
        try (Trafilo<Object> engine = Trafilo.builder()
                .handler((event, state) -> isNull.add(state == null))
                .sink((window, state) -> isNull.add(state == null))
                .workers(1)
                .build()) {
            engine.start();
            engine.offer(new byte[] {'k', ' '}, 0, 2);
        }
        assertThat(isNull).hasSizeGreaterThanOrEqualTo(2).doesNotContain(false);
    }
}
