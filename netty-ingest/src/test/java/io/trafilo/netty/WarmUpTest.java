package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafilo.Counter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakGuard.class)
@Timeout(120)
class WarmUpTest {
    @ParameterizedTest
    @CsvSource({"EPOLL,127.0.0.1", "EPOLL,::1", "NIO,127.0.0.1"})
    void shouldLeaveTheEngineUntouchedWhenWarmedUp(Transport transport, String host) {
        try (TestEngine engine = TestEngine.open();
                LogCapture log = new LogCapture();
                UdpListener listener =
                        engine.listener(transport).bind(host, 0).warmUp(true).start();
                Sender sender = new Sender(listener.address())) {
            assertThat(log.messages()).isEmpty();
            assertThat(engine.ledger().count(Counter.RECEIVED)).isZero();
            assertThat(engine.ledger().count(Counter.KEYS_CREATED)).isZero();
            await().atMost(TestEngine.PATIENCE).until(WarmUpTest::noThreadOfTheWarmUpIsLeft);
            sender.sendMany(100);
            engine.awaitAccountedFor(100);
            engine.closeAndCheck(listener, 100);
            assertThat(engine.errors).isEmpty();
        }
    }

    private static boolean noThreadOfTheWarmUpIsLeft() {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith(WarmUp.NAME));
    }
}
