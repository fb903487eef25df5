package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors where Netty would tell nobody of them, and a close where nobody would look for it. */
@ExtendWith(LeakGuard.class)
@Timeout(120)
class EventLoopFailureTest {
    private final Error error = new OutOfMemoryError("on purpose");

    /** The same, but for some methods. */
    private static <T> T with(Class<T> type, T original, Map<String, Callable<?>> instead) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Callable<?> own = instead.get(method.getName());
                    try {
                        return own != null ? own.call() : method.invoke(original, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static ListenerSockets sockets(TestEngine engine, Transport kind, Map<String, Callable<?>> instead) {
        return sockets(engine, TestSettings.loopback(kind), instead);
    }

    private static ListenerSockets sockets(
            TestEngine engine, ListenerSettings settings, Map<String, Callable<?>> instead) {
        NettyTransport transport = with(NettyTransport.class, NettyTransport.choose(settings), instead);
        return new ListenerSockets(engine.engine, "fails", settings, transport, settings.resolve());
    }

    /** One more drop at each look, but for the second, which throws. */
    private static KernelDrops failingOnce(Error error) {
        AtomicInteger reads = new AtomicInteger();
        return () -> {
            if (reads.incrementAndGet() == 2) {
                throw error;
            }
            return reads.get();
        };
    }

    private static void awaitNoThreads() {
        await().atMost(TestEngine.PATIENCE).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("fails-udp-")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1000})
    void shouldLeaveNothingBehindWhenTheEngineClosesWhileItStarts(int closeTimeoutMillis) {
        TestEngine engine = new TestEngine(builder -> builder.closeTimeout(Duration.ofMillis(closeTimeoutMillis)));
        ListenerSockets sockets = sockets(engine, Transport.NIO, Map.of("kernelDrops", () -> {
            engine.engine.close();
            return KernelDrops.UNKNOWN;
        }));

        assertThatIllegalStateException()
                .isThrownBy(sockets::start)
                .withMessage("start: the engine was closed while the listener started");

        assertThat(sockets.first().channel().isOpen()).isFalse();
        awaitNoThreads();
    }

    @Test
    void shouldStopTheEngineWhenMemoryRunsOutInTheCountOfDrops() {
        try (TestEngine engine = TestEngine.open()) {
            KernelDrops drops = failingOnce(error);
            sockets(engine, Transport.NIO, Map.of("kernelDrops", () -> drops)).start();

            await().atMost(TestEngine.PATIENCE)
                    .until(() -> engine.engine.failure().isPresent());

            assertThat(engine.engine.failure()).containsSame(error);
            assertThat(engine.errors).contains(error);
        }
        awaitNoThreads();
    }

    @Test
    void shouldCountDropsAgainAfterAnError() {
        try (TestEngine engine = TestEngine.open()) {
            KernelDrops drops = failingOnce(new StackOverflowError("on purpose"));
            sockets(engine, Transport.NIO, Map.of("kernelDrops", () -> drops)).start();

            await().atMost(TestEngine.PATIENCE)
                    .until(() -> engine.engine.ledger().kernelDropped() >= 3);

            assertThat(engine.engine.failure()).isEmpty();
            assertThat(engine.errors).hasSize(1);
        }
        awaitNoThreads();
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldCloseTheSocketAllTheSameWhenItsCloseFails(Transport kind) {
        TestEngine engine = TestEngine.open();
        ListenerSockets sockets = sockets(engine, kind, Map.of("shutOut", () -> {
            throw error;
        }));
        sockets.start();

        engine.close();

        assertThat(sockets.first().channel().isOpen()).isFalse();
        awaitNoThreads();
        assertThat(engine.engine.failure()).containsSame(error);
        assertThat(engine.errors).contains(error);
    }

    /** As if the system had no more threads: the second loop, or the first as well, gets none. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldLeaveNothingBehindWhenThereIsNoThreadForASocket(int threadsLeft) throws Exception {
        try (TestEngine engine = TestEngine.open()) {
            ListenerSockets sockets = sockets(
                    engine,
                    TestSettings.loopback(threadsLeft == 0 ? Transport.NIO : Transport.EPOLL, threadsLeft + 1),
                    Map.of());
            Field threads = ListenerSockets.class.getDeclaredField("threads");
            threads.setAccessible(true);
            threads.set(sockets, new CopyOnWriteArrayList<Thread>() {
                private static final long serialVersionUID = 1;

                @Override
                public boolean add(Thread thread) {
                    if (size() >= threadsLeft) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    return super.add(thread);
                }
            });

            assertThatExceptionOfType(ListenerException.class)
                    .isThrownBy(sockets::start)
                    .withMessageEndingWith("unable to create native thread");

            if (threadsLeft > 0) {
                assertThat(sockets.first().channel().isOpen()).isFalse();
            }
            awaitNoThreads();
            assertThat(engine.errors).isEmpty();
            assertThat(engine.engine.isRunning()).isTrue();
            engine.engine.close();
            assertThat(engine.ledger().imbalances()).isEmpty();
        }
    }

    @Test
    void shouldReadOnAndTellWhenItCannotPauseAfterAnError() {
        List<Throwable> errors = new ArrayList<>();
        ReadBuffers buffers = new NioTransport().readBuffers(TestSettings.loopback(Transport.NIO));
        DatagramHandler handler = new DatagramHandler(new CollectingIntake(), buffers, 2048, null, errors::add);
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        ChannelHandlerContext context = channel.pipeline().context(handler);
        Throwable cause = new IllegalStateException("on purpose");

        handler.exceptionCaught(
                with(ChannelHandlerContext.class, context, Map.of("executor", () -> {
                    throw error;
                })),
                cause);

        assertThat(errors).containsExactly(cause);
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(channel.finish()).isFalse();
    }
}
