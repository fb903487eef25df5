package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafilo.Key;
import io.trafilo.WindowView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WindowPrinterTest {
    private record FixedWindow(
            Key key,
            long count,
            long startNanos,
            long endNanos,
            long oldestNanos,
            long newestNanos,
            long total,
            boolean isTruncated,
            long lossDuringWindow)
            implements WindowView {}

    private static WindowView window(String key, long total) {
        return new FixedWindow(Key.of(key), 1, 2, 3, 2, 3, total, false, 0);
    }

    private static PrintStream stream(OutputStream out) {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    @Test
    void shouldWriteWholeLinesWhenManyThreadsPrint() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WindowPrinter printer = new WindowPrinter(stream(out), true, false, () -> {});
        printer.start();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String key = "key" + i;
            threads.add(new Thread(() -> {
                for (int total = 1; total <= 2_000; total++) {
                    printer.onWindow(window(key, total), "");
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        printer.finish();
        assertThat(printer.complete()).isTrue();
        Map<String, Long> last = new HashMap<>();
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            Map<String, Object> window = TestJson.object(line);
            Long before = last.put((String) window.get("key"), (Long) window.get("total"));
            assertThat(window.get("total")).isEqualTo(before == null ? 1L : before + 1);
        }
        assertThat(last).hasSize(4).allSatisfy((key, total) -> assertThat(total).isEqualTo(2_000));
    }

    @Test
    void shouldReachTheReaderWithoutFurtherWindows() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WindowPrinter printer = new WindowPrinter(stream(out), false, false, () -> {});
        printer.start();
        printer.onWindow(window("alpha", 1), "");
        await().until(() -> out.toString(StandardCharsets.UTF_8).contains("alpha"));
        printer.finish();
    }

    @Test
    void shouldAskToStopWhenReaderHasGone() {
        AtomicBoolean stopped = new AtomicBoolean();
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        WindowPrinter printer = new WindowPrinter(stream(gone), true, false, () -> stopped.set(true));
        printer.start();
        printer.onWindow(window("alpha", 1), "");
        await().untilTrue(stopped);
        printer.finish();
        assertThat(printer.complete()).isFalse();
    }

    @Test
    void shouldNotWaitForEverWhenNobodyReads() {
        CountDownLatch read = new CountDownLatch(1);
        OutputStream stuck = new OutputStream() {
            @Override
            public void write(int b) {
                try {
                    read.await();
                } catch (InterruptedException end) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        WindowPrinter printer = new WindowPrinter(stream(stuck), true, false, () -> {});
        printer.start();
        printer.onWindow(window("alpha", 1), "");
        printer.finish();
        assertThat(printer.complete()).isFalse();
        read.countDown();
        await().until(printer::complete);
    }
}
