package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.trafilo.spi.Intake;
import io.trafilo.spi.ListenerHost;
import io.trafilo.spi.Senders;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LeakGuard.class)
@Timeout(120)
class UdpSocketTest {
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldCloseItsIntakeLastAndOnceWhenClosed(Transport kind) throws Exception {
        ListenerSettings settings = TestSettings.loopback(kind);
        NettyTransport transport = NettyTransport.choose(settings);
        var group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        RecordingIntake intake = new RecordingIntake();
        try (TestEngine engine = TestEngine.open()) {
            UdpSocket socket =
                    new UdpSocket(ListenerHost.of(engine.engine), settings, transport, group.next(), intake, () -> {});
            socket.bind(settings.resolve().get(0));
            socket.startReading();
            try (Sender sender = new Sender(socket.address())) {
                sender.sendMany(3);
                await().atMost(TestEngine.PATIENCE)
                        .until(() ->
                                intake.calls.stream().filter("publish"::equals).count() == 3);
                sender.sendMany(2);
            }
            CountDownLatch closed = new CountDownLatch(1);
            socket.beginClose(closed::countDown);
            assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(intake.calls).containsExactly("publish", "publish", "publish", "publish", "publish", "close");
            assertThat(socket.channel().isOpen()).isFalse();
            assertThat(engine.errors).isEmpty();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /** Writes down what is asked of it, a line for each datagram, and keeps no buffer. */
    private static final class RecordingIntake implements Intake<ByteBuf> {
        final List<String> calls = new CopyOnWriteArrayList<>();

        @Override
        public long epochNanos() {
            return System.nanoTime();
        }

        @Override
        public int publish(ByteBuf[] buffers, @Nullable Senders senders, int count, long receiptNanos) {
            for (int i = 0; i < count; i++) {
                buffers[i].release();
                calls.add("publish");
            }
            return count;
        }

        @Override
        public void countEmpty() {
            calls.add("empty");
        }

        @Override
        public void countOversized() {
            calls.add("oversized");
        }

        @Override
        public void countFiltered() {
            calls.add("filtered");
        }

        @Override
        public void countKernelDropped(long count) {
            calls.add("dropped " + count);
        }

        @Override
        public void kernelDropsKnown(boolean known) {
            calls.add("drops known: " + known);
        }

        @Override
        public void cutOff() {
            calls.add("cutOff");
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }
}
