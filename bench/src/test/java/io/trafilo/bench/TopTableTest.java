package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafilo.Counter;
import io.trafilo.Trafilo;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TopTableTest {
    private static final long SECOND = 1_000_000_000;
    private static final InputWatch.Look LOOK = new InputWatch.Look(1_234, 1_200, Map.of("kernel", 5L), "");

    private final AtomicLong epochNanos = new AtomicLong(1_000 * SECOND);
    private final TopTable table = new TopTable(Duration.ofSeconds(5));
    private final Trafilo<TopTable.Stats> engine = Trafilo.<TopTable.Stats>builder()
            .state(key -> new TopTable.Stats())
            .handler(table)
            .sink(table)
            .clock(epochNanos::get)
            .window(Duration.ofSeconds(5))
            .slide(Duration.ofSeconds(1))
            .workers(1)
            .build();

    @AfterEach
    void close() {
        engine.close();
    }

    /** Events of one key; what they add up to is shown once the clock has gone on by a slide. */
    private void offer(String key, int times) {
        long before = engine.ledger().count(Counter.HANDLED);
        byte[] message = (key + " x").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < times; i++) {
            assertThat(engine.offer(message, 0, message.length)).isTrue();
        }
        await().until(() -> engine.ledger().count(Counter.HANDLED) == before + times);
    }

    private List<String> page(int rows) {
        return table.page("title", engine, LOOK, epochNanos.get(), rows);
    }

    @Test
    void shouldSortByRateWhenKeysDiffer() {
        engine.start();
        offer("slow", 1);
        offer("fast", 20);
        offer("evil\u001b[2J\u2028", 5);
        epochNanos.addAndGet(SECOND);
        await().untilAsserted(() -> assertThat(page(24))
                .satisfiesExactly(
                        title -> assertThat(title).isEqualTo("title"),
                        input -> assertThat(input).isEqualTo("in 1,234/s, handled 1,200/s; lost so far: kernel 5"),
                        note -> assertThat(note).isEmpty(),
                        names -> assertThat(names.strip().split(" {2,}"))
                                .containsExactly("rate/s", "count", "total", "last seen", "key"),
                        fast -> assertThat(fast.strip().split(" {2,}"))
                                .containsExactly("4.0", "20", "20", "now", "fast"),
                        evil -> assertThat(evil)
                                .endsWith("  evil\\u{1b}[2J\\u{2028}")
                                .contains(" 1.0 "),
                        slow -> assertThat(slow.strip().split(" {2,}"))
                                .containsExactly("0.2", "1", "1", "now", "slow")));
    }

    @Test
    void shouldFitWhenThereAreMoreKeysThanRows() {
        engine.start();
        for (int i = 0; i < 50; i++) {
            offer("key" + i, 1 + i % 2);
        }
        epochNanos.addAndGet(SECOND);
        await().untilAsserted(
                        () -> assertThat(page(10).subList(4, 10)).hasSize(6).allMatch(row -> row.contains(" 0.4 ")));
        assertThat(page(10)).hasSize(10);
        assertThat(page(3)).hasSize(3);
        assertThat(page(1)).containsExactly("title");
    }

    @Test
    void shouldTellHowLongAgoAKeyWasSeenAndThatItsRateIsGone() {
        engine.start();
        offer("once", 3);
        epochNanos.addAndGet(7 * SECOND);
        await().untilAsserted(() ->
                assertThat(page(24).get(4).strip().split(" {2,}")).containsExactly("0.0", "0", "3", "7 s ago", "once"));
    }

    @Test
    void shouldShowTheComplaintOrElseTheLastNote() {
        table.note("an error");
        assertThat(page(24).get(2)).isEqualTo("an error");
        InputWatch.Look complaint = new InputWatch.Look(1, 0, Map.of(), "none is an event");
        assertThat(table.page("title", engine, complaint, 0, 24).get(2)).isEqualTo("none is an event");
    }

    @Test
    void shouldGiveTheCursorBackWhenThePageIsClosed() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Terminal terminal = new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), () -> 24)) {
            assertThat(terminal.rows()).isEqualTo(23);
            terminal.show(List.of("a", "b"));
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("\033[?25l")
                .contains("\033[Ha\033[K\nb\033[K\n\033[J")
                .endsWith("\033[?25h");
        assertThat(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), () -> 0).rows())
                .isEqualTo(1);
    }
}
