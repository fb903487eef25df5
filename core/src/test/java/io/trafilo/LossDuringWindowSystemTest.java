package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.spi.Intake;
import io.trafilo.spi.ListenerHost;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader of windows can tell a rate that fell from messages that were lost. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LossDuringWindowSystemTest {
    private static final long WINDOW_NANOS = 3_200_000_000L;
    private static final byte[] MESSAGE = FullLoad.message(1);

    private final AtomicLong readsByWorker = new AtomicLong();
    private final AtomicLong now = new AtomicLong(1_000 * WINDOW_NANOS);
    private final CountDownLatch handlerMayGoOn = new CountDownLatch(1);
    private final CountDownLatch handlerIsIn = new CountDownLatch(1);
    private final Queue<WindowResult> windows = new ConcurrentLinkedQueue<>();
    private volatile boolean block = true;
    private boolean lossKnown; // in the last window

    @Test
    void shouldTellTheSinkOfWhatWasShedUntilItIsOutOfTheWindow() throws InterruptedException {
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .clock(this::readClock)
                .window(Duration.ofNanos(WINDOW_NANOS))
                .slide(Duration.ofNanos(WINDOW_NANOS / 4))
                .emitWhenQuiet(false)
                .workers(1)
                .maxClaim(1)
                .ringCapacity(2)
                .overloadPolicy(OverloadPolicy.DROP_NEWEST)
                .handler((event, none) -> blockOnce())
                .sink((window, none) -> windows.add(window.toResult()))
                .build();
        engine.start();
        TestBufferAccess access = new TestBufferAccess();
        try (engine;
                Intake<TestBuffer> intake = ListenerHost.of(engine).openIntake(access, timeout -> {})) {
            engine.offer(MESSAGE, 0, MESSAGE.length);
            handlerIsIn.await();
            assertThat(intake.publish(buffers(7), 7, now.get())).isEqualTo(2);
            assertThat(access.released).hasValue(5);
            handlerMayGoOn.countDown();
            Awaitility.await().until(() -> engine.ledger().count(Counter.HANDLED) == 3);

            awaitLookAtLosses();
            windows.clear();

            assertThat(lossInNextWindow(engine)).isEqualTo(5);
            assertThat(lossInNextWindow(engine)).isEqualTo(5);
            intake.countKernelDropped(11);
            awaitLookAtLosses();
            assertThat(lossInNextWindow(engine)).isEqualTo(16);
            assertThat(lossInNextWindow(engine))
                    .as("at the very start of the window")
                    .isEqualTo(16);
            assertThat(lossInNextWindow(engine)).as("the shed are out").isEqualTo(11);
            assertThat(lossInNextWindow(engine)).isEqualTo(11);
            assertThat(lossInNextWindow(engine)).as("all are out").isZero();
            assertThat(lossKnown).isTrue();
            intake.kernelDropsKnown(false);
            awaitLookAtLosses();
            assertThat(lossInNextWindow(engine)).isZero();
            assertThat(lossKnown).isFalse();
        }
        assertThat(engine.ledger().imbalances()).isEmpty();
        assertThat(engine.ledger().count(Counter.SHED)).isEqualTo(5);
    }

    private void blockOnce() {
        if (block) {
            block = false;
            handlerIsIn.countDown();
            boolean interrupted = false;
            while (handlerMayGoOn.getCount() > 0) {
                try {
                    handlerMayGoOn.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static TestBuffer[] buffers(int count) {
        TestBuffer[] buffers = new TestBuffer[count];
        for (int i = 0; i < count; i++) {
            buffers[i] = new TestBuffer(MESSAGE);
        }
        return buffers;
    }

    /** The worker looks at the losses each time it goes to sleep, and reads the clock before. */
    private void awaitLookAtLosses() {
        long reads = readsByWorker.get();
        Awaitility.await().until(() -> readsByWorker.get() >= reads + 3);
    }

    /** Lets a slide pass and has the key emit. */
    private long lossInNextWindow(Trafilo<?> engine) {
        now.addAndGet(WINDOW_NANOS / 4);
        assertThat(engine.offer(MESSAGE, 0, MESSAGE.length)).isTrue();
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> !windows.isEmpty());
        WindowResult window = windows.remove();
        assertThat(windows).isEmpty();
        lossKnown = window.isLossKnown();
        assertThat(window.endNanos()).isEqualTo(now.get());
        return window.lossDuringWindow();
    }

    private long readClock() {
        if (Thread.currentThread().getName().contains("-worker-")) {
            readsByWorker.incrementAndGet();
        }
        return now.get();
    }
}
