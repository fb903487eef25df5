package io.trafilo;

import static io.trafilo.testing.TestEngine.START_NANOS;
import static io.trafilo.testing.TestEngine.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.testing.Feeder;
import io.trafilo.testing.TestEngine;
import io.trafilo.testing.UsedHeap;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One key has all the traffic, and more of it in a window than the engine may retain. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class BusyKeySystemTest {
    @Test
    void shouldKeepTheNewestCountTheRestAndSaySo() {
        int retained = 1_000;
        int events = 20_000;
        long stepNanos = WINDOW.toNanos() / 10_000; // so a window would hold ten times what is retained
        TestEngine test = TestEngine.start(builder ->
                builder.maxRetainedEvents(retained).emitWhenQuiet(false).shards(8));
        try (test) {
            Feeder feeder = new Feeder(test.engine());
            for (int i = 0; i < events; i++) {
                feeder.offer(("key @" + test.clock.epochNanos()).getBytes(StandardCharsets.UTF_8));
                if (i % 16 == 15) {
                    feeder.await(); // the clock does not run ahead of what is handled
                }
                test.clock.advanceNanos(stepNanos);
            }
            feeder.await();
            WindowResult last = test.lastWindow("key");
            assertThat(last.count()).isEqualTo(retained);
            assertThat(last.newestNanos() - last.oldestNanos()).isEqualTo((retained - 1) * stepNanos);
            assertThat(last.isTruncated()).isTrue();
            assertThat(test.windows("key")).allMatch(window -> window.count() <= retained);
            assertThat(test.windows("key")).allMatch(window -> window.isTruncated() == (window.total() > retained));
            assertThat(test.ledger().count(Counter.TRUNCATED)).isEqualTo(events - retained);
            assertThat(test.ledger().count(Counter.LIVE_TIMESTAMPS)).isEqualTo(retained);
            assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(events);
            assertThat(last.endNanos()).isGreaterThan(START_NANOS + WINDOW.toNanos());
        }
        assertThat(test.ledger().imbalances()).isEmpty();
    }

    @Test
    @Tag("slow")
    void shouldStayWithinItsBoundForAMinuteAtFullRate() {
        int retained = 1_000_000;
        List<WindowResult> windows = new CopyOnWriteArrayList<>();
        long before = UsedHeap.bytes();
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .parser(EventParser.wholeMessage())
                .sink((window, none) -> windows.add(window.toResult()))
                .window(Duration.ofSeconds(60))
                .slide(Duration.ofMillis(250))
                .maxKeys(10)
                .maxRetainedEvents(retained)
                .build();
        engine.start();
        Feeder feeder = new Feeder(engine);
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        long taken = 0;
        long emitted = 0;
        for (int second = 0; System.nanoTime() - endNanos < 0; second++) {
            for (int i = 0; i < 2_000_000; i++) {
                feeder.offer(7);
            }
            emitted += 2_000_000;
            taken = Math.max(taken, UsedHeap.bytes() - before);
            assertThat(taken).as("round %s", second).isLessThan((long) (1.05 * engine.maxMemoryBytes()));
        }
        feeder.await();
        assertThat(engine.ledger().count(Counter.LIVE_TIMESTAMPS)).isEqualTo(retained);
        engine.close();
        Ledger ledger = engine.ledger();
        System.out.printf(
                "BusyKeySystemTest: %,d events, %,d of at most %,d bytes%n", emitted, taken, engine.maxMemoryBytes());
        assertThat(ledger.imbalances()).isEmpty();
        assertThat(ledger.count(Counter.HANDLED)).isEqualTo(emitted);
        assertThat(ledger.count(Counter.TRUNCATED)).isEqualTo(emitted - retained);
        assertThat(windows).hasSizeGreaterThan(20);
        assertThat(windows).allMatch(window -> window.count() <= retained);
        assertThat(windows).allMatch(window -> window.isTruncated() == (window.total() > retained));
        WindowResult last = windows.get(windows.size() - 1);
        assertThat(last.count()).isEqualTo(retained);
        assertThat(last.isTruncated()).isTrue();
    }
}
