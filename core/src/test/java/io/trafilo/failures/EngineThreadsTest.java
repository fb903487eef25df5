package io.trafilo.failures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EngineThreadsTest {
    private final EngineThreads threads = new EngineThreads();

    @Test
    void shouldMarkTheThreadBetweenEnterAndItsEnd() {
        assertThat(threads.isInside()).isFalse();
        threads.enter();
        assertThat(threads.isInside()).isTrue();
        assertThat(CompletableFuture.supplyAsync(threads::isInside).join())
                .as("another thread")
                .isFalse();
        threads.leave();
        assertThat(threads.isInside()).isFalse();
        threads.enter();
        threads.forget();
        assertThat(threads.isInside()).isFalse();
    }

    @Test
    void shouldKnowItsOwnThreadsFromThoseOfOtherEngines() throws InterruptedException {
        boolean[] inside = new boolean[2];
        EngineThreads others = new EngineThreads();
        Thread thread = threads.newThread("own", () -> {
            inside[0] = threads.isInside();
            inside[1] = others.isInside();
        });
        thread.start();
        thread.join();
        assertThat(inside).containsExactly(true, false);
    }
}
