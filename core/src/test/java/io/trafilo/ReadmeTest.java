package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The embedding that the README shows, as it stands there. */
class ReadmeTest {
    private final List<String> printed = new CopyOnWriteArrayList<>();

    @Test
    void shouldWorkAsShown() {
        Trafilo<AtomicLong> engine = Trafilo.<AtomicLong>builder()
                .parser(EventParser.firstToken()) // "sensor-7 21" has the key sensor-7
                .state(key -> new AtomicLong())
                .handler((event, sum) -> sum.addAndGet(Long.parseLong(event.payloadText())))
                .sink((window, sum) -> print(window.key() + ": " + window.count() + " events, sum " + sum))
                .window(Duration.ofSeconds(5))
                .slide(Duration.ofSeconds(1))
                .build();
        try (engine) {
            engine.start();
            byte[] message = "sensor-7 21".getBytes(StandardCharsets.UTF_8);
            boolean taken = engine.offer(message, 0, message.length);
            assertThat(taken).isTrue();
        }
        assertThat(engine.ledger().isConserved()).isTrue();
        assertThat(printed).containsExactly("sensor-7: 1 events, sum 21");
    }

    private void print(String line) {
        printed.add(line);
    }
}
