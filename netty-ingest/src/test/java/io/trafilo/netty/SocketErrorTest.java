package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.unix.Errors.NativeIoException;
import io.trafilo.Counter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** As the sandbox of a container does it. Netty asks only whether the kernel has the call. */
    @ParameterizedTest
    @ValueSource(ints = {1, 13, 22, 38, 95})
    void shouldReadOneByOneWithOneWarningWhenRecvmmsgIsRefused(int errno) {
        Needs.epoll();
        try (LogCapture log = new LogCapture();
                TestEngine engine = TestEngine.open();
                UdpListener listener =
                        engine.listener(Transport.EPOLL).threads(2).start();
                Sender sender = new Sender(listener.address())) {
            for (UdpSocket socket : listener.sockets().all()) {
                assertThat(slots(socket)).isEqualTo(2);
                fail(socket, new NativeIoException("recvmmsg", -errno));
                assertThat(slots(socket)).isEqualTo(1);
            }
            sender.sendMany(100);
            sender.send(new byte[2049]);
            engine.awaitAccountedFor(101);
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING transport: EPOLL reads one datagram per system call")
                    .contains("recvmmsg");
            assertThat(engine.errors).isEmpty();
            fail(listener.sockets().first(), new NativeIoException("recvmsg", -errno));
            await().atMost(TestEngine.PATIENCE).until(() -> !engine.errors.isEmpty());
            assertThat(engine.closeAndCheck(listener, 101).count(Counter.OVERSIZED))
                    .isEqualTo(1);
            assertThat(log.messages()).hasSize(1);
        }
    }

    @Test
    void shouldReportAndGoOnReadingManyAtOnceWhenAReadFailsForAnotherReason() {
        Needs.epoll();
        int noMemory = 12;
        try (LogCapture log = new LogCapture();
                TestEngine engine = TestEngine.open();
                UdpListener listener = engine.listener(Transport.EPOLL).start()) {
            UdpSocket socket = listener.sockets().first();
            fail(socket, new NativeIoException("recvmmsg", -noMemory));
            await().atMost(TestEngine.PATIENCE).until(() -> !engine.errors.isEmpty());
            assertThat(slots(socket)).isEqualTo(2);
            assertThat(log.messages()).isEmpty();
        }
    }

    private static int slots(UdpSocket socket) {
        ReadBuffers buffers = socket.channel().config().getRecvByteBufAllocator();
        return buffers.slots();
    }

    /** On return the failure has been handled. */
    private static void fail(UdpSocket socket, Exception failure) {
        socket.channel()
                .eventLoop()
                .submit(() -> socket.channel().pipeline().fireExceptionCaught(failure))
                .syncUninterruptibly();
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
