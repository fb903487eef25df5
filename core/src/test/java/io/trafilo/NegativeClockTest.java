package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.testing.TestEngine;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A clock may begin anywhere, below zero too. */
@Timeout(60)
class NegativeClockTest {
    @ParameterizedTest
    @EnumSource
    void shouldEmitTheWindowOfAQuietKey(WaitMode waitMode) {
        try (TestEngine test =
                TestEngine.start(builder -> builder.waitMode(waitMode).clock(new Clock()))) {
            test.send("key ");
            test.awaitWindows("key", 2);
            assertThat(test.counts("key")).startsWith(1L);
        }
    }

    /** Goes a hundred times as fast as time. */
    private static final class Clock implements EngineClock {
        private final long startNanos = System.nanoTime();

        @Override
        public long epochNanos() {
            return Long.MIN_VALUE / 4 + 100 * (System.nanoTime() - startNanos);
        }
    }
}
