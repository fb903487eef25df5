package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LeakGuard.class)
@Timeout(120)
class SocketErrorTest {
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldReportAndGoOnWhenReadingFails(Transport transport) {
        try (TestEngine engine = TestEngine.open();
                UdpListener listener = engine.listener(transport).start();
                Sender sender = new Sender(listener.address())) {
            sender.sendMany(10);
            engine.awaitAccountedFor(10);
            listener.sockets().first().channel().pipeline().fireExceptionCaught(new IllegalStateException("test"));
            await().atMost(TestEngine.PATIENCE).until(() -> !engine.errors.isEmpty());
            assertThat(engine.errors.remove())
                    .isInstanceOf(ListenerException.class)
                    .hasMessageStartingWith("socket " + ListenerException.text(listener.address()))
                    .hasRootCauseMessage("test");
            sender.sendMany(10);
            engine.awaitAccountedFor(20);
            engine.closeAndCheck(listener, 20);
            assertThat(engine.errors).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldReportWhenAChannelDies(Transport transport) {
        try (TestEngine engine = TestEngine.open();
                UdpListener listener = engine.listener(transport).start();
                Sender sender = new Sender(listener.address())) {
            sender.sendMany(10);
            engine.awaitAccountedFor(10);
            listener.sockets().first().channel().close().awaitUninterruptibly();
            await().atMost(TestEngine.PATIENCE).until(() -> !engine.errors.isEmpty());
            assertThat(engine.errors.remove()).hasMessageContaining("closed unexpectedly");
            engine.closeAndCheck(listener, 10);
            assertThat(engine.errors).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldKeepTheEngineRunningWhenDirectMemoryIsShort(Transport transport) {
        try (TestEngine engine = TestEngine.open();
                UdpListener listener = engine.listener(transport).start()) {
            listener.sockets()
                    .first()
                    .channel()
                    .pipeline()
                    .fireExceptionCaught(new OutOfMemoryError("Cannot reserve 4194304 bytes of direct buffer memory"));
            await().atMost(TestEngine.PATIENCE).until(() -> !engine.errors.isEmpty());
            assertThat(engine.engine.isRunning()).isTrue();
            assertThat(engine.engine.failure()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldStopTheEngineVisiblyWhenTheHeapIsShort(Transport transport) {
        try (TestEngine engine = TestEngine.open();
                UdpListener listener = engine.listener(transport).start()) {
            OutOfMemoryError error = new OutOfMemoryError("Java heap space");
            listener.sockets().first().channel().pipeline().fireExceptionCaught(error);
            await().atMost(TestEngine.PATIENCE).until(() -> !engine.engine.isRunning());
            assertThat(engine.engine.failure()).containsSame(error);
        }
    }
}
