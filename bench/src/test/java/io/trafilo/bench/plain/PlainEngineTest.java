package io.trafilo.bench.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PlainEngineTest {
    private final AtomicLong clock = new AtomicLong(1_000);
    private final Queue<String> windows = new ConcurrentLinkedQueue<>();

    private PlainEngine engine(int workers, int capacity) {
        return new PlainEngine(
                workers,
                capacity,
                Duration.ofNanos(100),
                Duration.ofNanos(50),
                clock::get,
                (message, payloadOffset, receiptNanos) -> {},
                (key, events, count, oldest, newest) ->
                        windows.add(key + " " + events + " " + count + " " + oldest + " " + newest));
    }

    private void putAt(PlainEngine engine, long nanos, String message, long handledAfter) throws Exception {
        clock.set(nanos);
        engine.put(message.getBytes(StandardCharsets.US_ASCII));
        await().until(() -> engine.handled() + engine.malformed() == handledAfter);
    }

    @Test
    void shouldKeepAnExactWindowAndEmitEachSlide() throws Exception {
        try (PlainEngine engine = engine(1, 16)) {
            putAt(engine, 1_000, "a x", 1);
            putAt(engine, 1_049, "a x", 2);
            putAt(engine, 1_050, "a x", 3);
            putAt(engine, 1_100, "a x", 4);
            putAt(engine, 1_150, "a x", 5);
        }
        // a timestamp as old as the window is still in it; one older has left
        assertThat(windows).containsExactly("a 1 1 1000 1000", "a 3 3 1000 1050", "a 4 4 1000 1100", "a 5 3 1050 1150");
    }

    @Test
    void shouldCountMessageWithoutKey() throws Exception {
        try (PlainEngine engine = engine(1, 16)) {
            putAt(engine, 1_000, " x", 1);
            assertThat(engine.malformed()).isEqualTo(1);
        }
        assertThat(windows).isEmpty();
    }

    @Test
    void shouldHandleAllThatWasPutWhenClosed() throws Exception {
        PlainEngine engine = engine(2, 4);
        for (int i = 0; i < 10_000; i++) {
            engine.put(("k" + i % 7 + " x").getBytes(StandardCharsets.US_ASCII));
        }
        engine.close();
        assertThat(engine.handled()).isEqualTo(10_000);
    }

    @Test
    void shouldCountFailureAndGoOnWhenSinkThrows() throws Exception {
        PlainEngine engine = engineWith((key, events, count, oldest, newest) -> {
            if (key.equals("bad")) {
                throw new AssertionError("on purpose");
            }
        });
        engine.put("bad x".getBytes(StandardCharsets.US_ASCII));
        engine.put("good x".getBytes(StandardCharsets.US_ASCII));
        engine.close();
        assertThat(engine.failed()).isEqualTo(1);
        assertThat(engine.handled()).isEqualTo(1);
        assertThat(engine.unfinished()).isZero();
    }

    @Test
    void shouldTellWhatWasLostWhenCloseRunsOutOfTime() throws Exception {
        AtomicBoolean stuck = new AtomicBoolean(true);
        PlainEngine engine = engineWith((key, events, count, oldest, newest) -> {
            while (stuck.get()) {
                Thread.onSpinWait();
            }
        });
        try {
            for (int i = 0; i < 5; i++) {
                engine.put("a x".getBytes(StandardCharsets.US_ASCII));
            }
            engine.closeWithin(Duration.ofMillis(20));
            assertThat(engine.unfinished()).isEqualTo(5);
        } finally {
            stuck.set(false);
        }
    }

    private PlainEngine engineWith(PlainEngine.Sink sink) {
        return new PlainEngine(
                1,
                16,
                Duration.ofNanos(100),
                Duration.ofNanos(50),
                clock::get,
                (message, payloadOffset, receiptNanos) -> {},
                sink);
    }
}
