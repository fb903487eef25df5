package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafilo.Counter;
import io.trafilo.OverloadPolicy;
import io.trafilo.WindowResult;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the kernel drops at a real socket is told by the windows that were open then, and by no other. */
@ExtendWith(LeakGuard.class)
@Timeout(120)
class LossDuringWindowTest {
    private static final Duration WINDOW = Duration.ofMillis(3_200); // whose steps are 0.1 s
    private static final Duration SLIDE = WINDOW.dividedBy(4);

    private final AtomicLong now = new AtomicLong(1_700_000_000_000_000_000L);
    private final AtomicLong readsByWorker = new AtomicLong();
    private final Queue<WindowResult> windows = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldTellTheKernelsDropsUntilTheyAreOutOfTheWindow(Transport transport) {
        Needs.kernelDrops();
        int burst = 3_000;
        try (TestEngine engine = TestEngine.gated(OverloadPolicy.BLOCK, 8, builder -> builder.sink(
                                (window, none) -> windows.add(window.toResult()))
                        .clock(this::readClock)
                        .window(WINDOW)
                        .slide(SLIDE)
                        .emitWhenQuiet(false));
                UdpListener listener =
                        engine.listener(transport).receiveBufferBytes(8192).start();
                Sender sender = new Sender(listener.address())) {
            sender.sendMany(burst);
            engine.openGate();
            engine.awaitAccountedFor(burst);
            awaitHandled(engine);
            long dropped = engine.ledger().count(Counter.KERNEL_DROPPED);
            assertThat(dropped).isGreaterThan(burst / 2);
            awaitLookAtLosses();
            windows.clear();

            for (int slide = 1; slide <= 4; slide++) { // the last of them begins when the drops were counted
                assertThat(lossInNextWindow(engine, sender))
                        .as("slide %s", slide)
                        .isEqualTo(dropped);
            }
            assertThat(lossInNextWindow(engine, sender)).as("out of the window").isZero();
            assertThat(lossInNextWindow(engine, sender)).isZero();
            assertThat(engine.ledger().count(Counter.KERNEL_DROPPED)).isEqualTo(dropped);
            engine.closeAndCheck(listener, sender.sent());
        }
    }

    private static void awaitHandled(TestEngine engine) {
        await().atMost(TestEngine.PATIENCE)
                .until(() -> engine.ledger().count(Counter.HANDLED)
                        == engine.ledger().count(Counter.RECEIVED));
    }

    /** The worker looks at the losses each time it goes to sleep, and reads the clock before. */
    private void awaitLookAtLosses() {
        long reads = readsByWorker.get();
        await().atMost(TestEngine.PATIENCE).until(() -> readsByWorker.get() >= reads + 3);
    }

    private long lossInNextWindow(TestEngine engine, Sender sender) {
        now.addAndGet(SLIDE.toNanos());
        sender.send("key1 1");
        await().atMost(TestEngine.PATIENCE).until(() -> !windows.isEmpty());
        awaitHandled(engine);
        WindowResult window = windows.remove();
        assertThat(windows).isEmpty();
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
