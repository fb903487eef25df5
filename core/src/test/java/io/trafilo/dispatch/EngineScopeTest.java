package io.trafilo.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EngineScopeTest {
    private final EngineScope scope = new EngineScope();

    @Test
    void shouldMarkTheThreadBetweenEnterAndItsEnd() {
        assertThat(scope.isInside()).isFalse();
        scope.enter();
        assertThat(scope.isInside()).isTrue();
        assertThat(CompletableFuture.supplyAsync(scope::isInside).join())
                .as("another thread")
                .isFalse();
        scope.leave();
        assertThat(scope.isInside()).isFalse();
        scope.enter();
        scope.forget();
        assertThat(scope.isInside()).isFalse();
    }
}
