package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafilo.Counter;
import io.trafilo.Ledger;
import io.trafilo.OverloadPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LeakGuard.class)
@Timeout(120)
@SuppressWarnings("try") // closing is what is tested
class CloseTest {
    @AfterEach
    void shouldLeaveNoThread() {
        await().atMost(TestEngine.PATIENCE)
                .until(() -> TestEngine.listenerThreads().isEmpty());
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"EPOLL,2000", "EPOLL,0", "NIO,2000", "NIO,0"})
    void shouldCloseInTimeWhenTheRingIsFullAndTheHandlerHangs(Transport transport, long timeoutMillis) {
        int sent = 200;
        try (TestEngine engine = TestEngine.gated(OverloadPolicy.BLOCK);
                UdpListener listener = engine.listener(transport)
                        .closeTimeout(Duration.ofMillis(timeoutMillis))
                        .start();
                Sender sender = new Sender(listener.address())) {
            sender.sendMany(sent);
            engine.awaitRingFull();
            listener.close();
            assertThat(TestEngine.listenerThreads()).isEmpty();
            assertThat(engine.errors).isEmpty();
            assertThat(engine.ledger().count(Counter.DISCARDED_AT_CLOSE)).isPositive();
            long seen = timeoutMillis > 0 ? sent : engine.accountedFor(); // without time the socket may not be emptied
            assertThat(seen).isLessThanOrEqualTo(sent);
            Ledger ledger = engine.closeAndCheck(seen);
            assertThat(ledger.count(Counter.ABANDONED)).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldCloseWithTheEngineWhenTheRingIsFullAndTheHandlerHangs(Transport transport) {
        int sent = 200;
        try (TestEngine engine = TestEngine.gated(OverloadPolicy.BLOCK);
                UdpListener listener = engine.listener(transport).start();
                Sender sender = new Sender(listener.address())) {
            sender.sendMany(sent);
            engine.awaitRingFull();
            engine.closeAndCheck(sent);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldPublishWhatTheSocketHeldWhenClosed(Transport transport) {
        int sent = 300;
        try (TestEngine engine = TestEngine.gated(OverloadPolicy.BLOCK);
                UdpListener listener = engine.listener(transport).start();
                Sender sender = new Sender(listener.address())) {
            sender.sendMany(sent); // most of them wait in the socket
            engine.awaitRingFull();
            engine.openGate();
            listener.close();
            Ledger ledger = engine.closeAndCheck(sent);
            assertThat(ledger.count(Counter.KERNEL_DROPPED)).isZero();
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldCloseOnceWhenAskedByManyAtOnce(Transport transport) throws Exception {
        try (TestEngine engine = TestEngine.gated(OverloadPolicy.BLOCK);
                UdpListener listener = engine.listener(transport).start();
                Sender sender = new Sender(listener.address())) {
            sender.sendMany(100);
            engine.awaitRingFull();
            Callable<List<String>> byHand = () -> {
                listener.close();
                return TestEngine.listenerThreads();
            };
            Callable<List<String>> byEngine = () -> {
                engine.engine.close();
                return TestEngine.listenerThreads();
            };
            ExecutorService callers = Executors.newFixedThreadPool(4);
            try {
                for (var call : callers.invokeAll(List.of(byHand, byEngine, byHand, byEngine))) {
                    assertThat(call.get(60, TimeUnit.SECONDS)).isEmpty();
                }
            } finally {
                callers.shutdownNow();
            }
            engine.closeAndCheck(100);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldListenAgainWhenRestartedOnTheSamePort(Transport transport) {
        try (TestEngine engine = TestEngine.open()) {
            int port = 0;
            for (int round = 1; round <= 5; round++) {
                try (UdpListener listener = engine.listener(transport)
                                .bind("127.0.0.1", port)
                                .start();
                        Sender sender = new Sender(listener.address())) {
                    port = listener.address().getPort();
                    sender.sendMany(100);
                    engine.awaitAccountedFor(100L * round);
                }
            }
            engine.closeAndCheck(500);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldReturnAtOnceWhenClosedByItsOwnThread(Transport transport) {
        try (TestEngine engine = TestEngine.open()) {
            UdpListener[] listener = new UdpListener[1];
            try (TestEngine closing = new TestEngine(builder -> builder.errorListener((stage, key, error) -> {
                listener[0].close();
                engine.errors.add(error);
            }))) {
                listener[0] = closing.listener(transport).start();
                listener[0]
                        .sockets()
                        .first()
                        .channel()
                        .pipeline()
                        .fireExceptionCaught(new IllegalStateException("test"));
                await().atMost(TestEngine.PATIENCE)
                        .until(() -> engine.errors.size() == 1
                                && TestEngine.listenerThreads().isEmpty());
                closing.closeAndCheck(0);
            }
        }
    }
}
