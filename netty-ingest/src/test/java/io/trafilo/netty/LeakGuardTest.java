package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.Test;

class LeakGuardTest {
    @Test
    void shouldTellOfALeakWhenABufferIsNotReleased() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        forget();
        assertThat(LeakGuard.leaks()).singleElement().asString().contains("left behind");
    }

    private static void forget() {
        PooledByteBufAllocator.DEFAULT.directBuffer(10).touch("left behind");
    }
}
