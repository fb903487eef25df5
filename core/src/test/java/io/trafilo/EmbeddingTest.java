package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a first-time user does. */
class EmbeddingTest {
    @Test
    void shouldCountEveryEventWhenMessagesAreEmittedByHand() {
        List<WindowResult> windows = new CopyOnWriteArrayList<>();
        Trafilo<AtomicLong> engine = Trafilo.<AtomicLong>builder()
                .parser(EventParser.firstToken())
                .state(key -> new AtomicLong())
                .handler((event, sum) -> sum.addAndGet(Long.parseLong(event.payloadText())))
                .sink((window, sum) -> windows.add(window.toResult()))
                .window(Duration.ofSeconds(5))
                .slide(Duration.ofMillis(1))
                .workers(2)
                .build();
        engine.start();
        for (int i = 0; i < 100_000; i++) {
            byte[] message = ("key" + i % 10 + " 1").getBytes(StandardCharsets.UTF_8);
            while (!engine.emit(message, 0, message.length)) {
                Thread.onSpinWait();
            }
        }
        await().until(() -> engine.ledger().handled() == 100_000);
        assertThat(engine.read(Key.of("key3"), AtomicLong::get)).contains(10_000L);
        engine.close();

        Ledger ledger = engine.ledger();
        assertThat(ledger.imbalances()).isEmpty();
        assertThat(ledger.handled()).isEqualTo(100_000);
        assertThat(ledger.liveKeys()).isZero();
        assertThat(windows).allMatch(window -> window.count() <= window.total());
    }
}
