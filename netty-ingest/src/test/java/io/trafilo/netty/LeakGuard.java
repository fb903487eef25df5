package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaked a buffer. It leaks one of its own last and waits until Netty tells of it, which shows that
 * the detector is at work and that the garbage of the tests was collected.
 */
final class LeakGuard implements AfterAllCallback {
    private static final String OURS = "leaked by the guard ";

    @Override
    public void afterAll(ExtensionContext context) {
        assertThat(leaks()).as("leaked buffers").isEmpty();
    }

    /** What was leaked so far, but for the guard's own; forgets it. */
    static List<String> leaks() {
        String mark = OURS + UUID.randomUUID();
        leak(mark);
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> isReported(mark));
        List<String> leaks = CapturingLeakDetector.LEAKS.stream()
                .filter(leak -> !leak.contains(OURS))
                .toList();
        CapturingLeakDetector.LEAKS.clear();
        return leaks;
    }

    private static void leak(String mark) {
        PooledByteBufAllocator.DEFAULT.directBuffer(1).touch(mark);
    }

    private static boolean isReported(String mark) {
        System.gc();
        ByteBuf trackedSoThatNettyLooks = PooledByteBufAllocator.DEFAULT.directBuffer(1);
        trackedSoThatNettyLooks.release();
        return CapturingLeakDetector.LEAKS.stream().anyMatch(leak -> leak.contains(mark));
    }
}
