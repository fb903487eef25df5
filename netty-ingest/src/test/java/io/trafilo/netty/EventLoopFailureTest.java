package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.trafilo.Counter;
import io.trafilo.spi.Intake;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
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
        return new ListenerSockets(engine.engine, settings, transport, settings.resolve());
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
                .noneMatch(thread -> thread.getName().startsWith("trafilo-udp-")));
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
            await().atMost(TestEngine.PATIENCE).until(() -> engine.errors.contains(error));
        }
        awaitNoThreads();
    }

    /** As with a table of very many sockets. */
    @Test
    void shouldSpendLittleOfItsTimeOnDropsThatTakeLongToRead() {
        long startNanos = System.nanoTime();
        AtomicLong readingNanos = new AtomicLong();
        AtomicInteger reads = new AtomicInteger();
        KernelDrops slow = () -> {
            long before = System.nanoTime();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            if (reads.get() < 2) { // those before the last that is awaited
                readingNanos.addAndGet(System.nanoTime() - before);
            }
            return reads.incrementAndGet();
        };
        long elapsedNanos;
        try (TestEngine engine = TestEngine.open()) {
            sockets(engine, Transport.NIO, Map.of("kernelDrops", () -> slow)).start();
            await().atMost(TestEngine.PATIENCE).until(() -> reads.get() == 3);
            elapsedNanos = System.nanoTime() - startNanos;
            engine.closeAndCheck(4); // once more at the end, whatever it takes
        }
        assertThat(reads).hasValue(4);
        assertThat(readingNanos.get()).as("of " + elapsedNanos).isLessThan(elapsedNanos / 50);
        awaitNoThreads();
    }

    @Test
    void shouldCountDropsAgainAfterAnError() {
        try (TestEngine engine = TestEngine.open()) {
            KernelDrops drops = failingOnce(new StackOverflowError("on purpose"));
            sockets(engine, Transport.NIO, Map.of("kernelDrops", () -> drops)).start();

            await().atMost(TestEngine.PATIENCE)
                    .until(() -> engine.engine.ledger().count(Counter.KERNEL_DROPPED) >= 3);

            assertThat(engine.engine.failure()).isEmpty();
            await().atMost(TestEngine.PATIENCE).until(() -> engine.errors.size() == 1);
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
        await().atMost(TestEngine.PATIENCE).until(() -> engine.errors.contains(error));
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
            field(ListenerSockets.class, "threads").set(sockets, new CopyOnWriteArrayList<Thread>() {
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

    private static Field field(Class<?> type, String name) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /** The event loop of a socket, but for some methods; gives the real one. */
    private static EventLoop replaceLoop(UdpSocket socket, Map<String, Callable<?>> instead) throws Exception {
        Field field = field(UdpSocket.class, "loop");
        EventLoop loop = (EventLoop) field.get(socket);
        field.set(socket, with(EventLoop.class, loop, instead));
        return loop;
    }

    @Test
    @SuppressWarnings("unchecked")
    void shouldCloseTheOthersAndAskAgainWhenASocketCannotBeAsked() throws Exception {
        RuntimeException refusal = new IllegalStateException("on purpose");
        TestEngine engine = TestEngine.open();
        ListenerSockets sockets = sockets(engine, TestSettings.loopback(Transport.EPOLL, 2), Map.of());
        sockets.start();
        List<UdpSocket> both =
                (List<UdpSocket>) field(ListenerSockets.class, "sockets").get(sockets);
        EventLoop loop = replaceLoop(both.get(0), Map.of("execute", () -> {
            throw refusal;
        }));

        sockets.close(Duration.ofMillis(300));

        assertThat(both.get(1).channel().isOpen()).isFalse();
        assertThat(both.get(0).channel().isOpen()).isTrue();
        await().atMost(TestEngine.PATIENCE).until(() -> engine.errors.contains(refusal));

        field(UdpSocket.class, "loop").set(both.get(0), loop);
        engine.close();

        assertThat(both.get(0).channel().isOpen()).isFalse();
        awaitNoThreads();
        assertThat(engine.ledger().imbalances()).isEmpty();
    }

    @Test
    void shouldNotStartWhenReadingCannotBegin() throws Exception {
        try (TestEngine engine = TestEngine.open()) {
            AtomicInteger opened = new AtomicInteger();
            ListenerSockets[] starting = new ListenerSockets[1];
            starting[0] = sockets(engine, Transport.NIO, Map.of("kernelDrops", () -> {
                opened.incrementAndGet();
                replaceLoop(starting[0].first(), Map.of("scheduleWithFixedDelay", () -> {
                    throw error;
                }));
                return KernelDrops.UNKNOWN;
            }));

            assertThatExceptionOfType(ListenerException.class)
                    .isThrownBy(starting[0]::start)
                    .withMessageEndingWith("on purpose");

            assertThat(opened).hasValue(1);
            assertThat(starting[0].first().channel().isOpen()).isFalse();
        }
        awaitNoThreads();
    }

    /** A callback on the event loop closes the listener and does not return; nobody else asks. */
    @Test
    void shouldComeToAnEndWhenClosedFromItsOwnThread() throws Exception {
        AtomicReference<UdpListener> listener = new AtomicReference<>();
        AtomicLong closers = new AtomicLong();
        CountDownLatch never = new CountDownLatch(1);
        try (TestEngine engine = new TestEngine(builder -> builder.handler((event, none) -> {
            listener.get().close();
            listener.get().close();
            closers.set(Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().endsWith("-udp-closer"))
                    .count());
            try {
                never.await();
            } catch (InterruptedException cutOff) {
                // as is promised when time is up
            }
        }))) {
            listener.set(engine.listener(Transport.NIO)
                    .runToCompletion(true)
                    .closeTimeout(Duration.ofMillis(300))
                    .start());
            try (Sender sender = new Sender(listener.get().address())) {
                sender.send("key 1");
            }
            await().atMost(TestEngine.PATIENCE)
                    .until(() -> TestEngine.listenerThreads().isEmpty());
            assertThat(engine.ledger().count(Counter.HANDLED)).isEqualTo(1);
            assertThat(closers).hasValue(1);
        }
    }

    /** Deaf to interrupts, but not for ever, so that a failure shows. */
    private static void hangUntil(CountDownLatch letGo) {
        long endNanos = System.nanoTime() + TestEngine.PATIENCE.toNanos();
        while (letGo.getCount() > 0 && System.nanoTime() - endNanos < 0) {
            LockSupport.parkNanos(1_000_000);
            boolean unused = Thread.interrupted();
        }
    }

    /** It has an error of its own to tell of, and so has its close. */
    @Test
    void shouldCloseInTimeThoughTheErrorListenerHangs() throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        CountDownLatch letGo = new CountDownLatch(1);
        TestEngine engine = new TestEngine(builder -> builder.clock(() -> {
                    if (Thread.currentThread().getName().contains("-udp-") && fails.getAndSet(false)) {
                        throw new IllegalStateException("on purpose");
                    }
                    return System.nanoTime();
                })
                .errorListener((stage, key, error) -> {
                    hangUntil(letGo);
                    letGo.countDown();
                }));
        UdpListener listener = engine.listener(Transport.NIO).start();
        try (Sender sender = new Sender(listener.address())) {
            sender.send("key 1");
            await().until(() -> !fails.get());

            listener.close();
            assertThat(letGo.getCount()).as("the error listener hangs on").isEqualTo(1);
            assertThat(listener.sockets().first().channel().isOpen()).isFalse();

            engine.closeAndCheck(1);
        }
        letGo.countDown();
        awaitNoThreads();
    }

    /** In one read, of more than a batch. */
    @Test
    @SuppressWarnings("unchecked")
    void shouldPublishEachDatagramOnceThoughTheClockFails() {
        int many = 3 * NettyTransport.BATCH + 1;
        List<Throwable> errors = new ArrayList<>();
        CollectingIntake collecting = new CollectingIntake();
        Intake<ByteBuf> intake = with(Intake.class, collecting, Map.of("epochNanos", () -> {
            throw new IllegalStateException("on purpose");
        }));
        ReadBuffers buffers = new NioTransport().readBuffers(TestSettings.loopback(Transport.NIO));
        EmbeddedChannel channel =
                new EmbeddedChannel(new DatagramHandler(intake, buffers, 2048, null, error -> false, errors::add));
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            sent.add(new byte[] {(byte) i});
            ByteBuf datagram = channel.alloc().directBuffer().writeByte(i);
            channel.pipeline().fireChannelRead(new DatagramPacket(datagram, address, address));
        }
        channel.pipeline().fireChannelReadComplete();

        collecting.requirePublished(sent);
        assertThat(errors).hasSize(many);
        assertThat(channel.finish()).isFalse();
    }

    @Test
    void shouldReadOnAndTellWhenItCannotPauseAfterAnError() {
        List<Throwable> errors = new ArrayList<>();
        ReadBuffers buffers = new NioTransport().readBuffers(TestSettings.loopback(Transport.NIO));
        DatagramHandler handler =
                new DatagramHandler(new CollectingIntake(), buffers, 2048, null, error -> false, errors::add);
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
