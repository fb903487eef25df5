package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.trafilo.Counter;
import io.trafilo.Ledger;
import io.trafilo.OverloadPolicy;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link ShortageTest} does in a JVM that lacks something: a case and a transport. */
final class ShortageProgram {
    private final @Nullable Transport transport;

    private ShortageProgram(@Nullable Transport transport) {
        this.transport = transport;
    }

    /** Ends with 0 if all was as expected. */
    public static void main(String[] arguments) {
        int exit = 1;
        try {
            ShortageProgram program =
                    new ShortageProgram(arguments[1].equals("default") ? null : Transport.valueOf(arguments[1]));
            switch (arguments[0]) {
                case "epoll" -> program.startWithoutEpoll();
                case "right" -> program.startWithoutTheRightToThePort();
                case "descriptors" -> program.startWithoutDescriptors();
                case "descriptorsLater" -> program.readWithoutDescriptors();
                case "memory" -> program.startWithoutMemory();
                case "noMemory" -> program.startWithoutMemoryForNetty();
                case "memoryLater" -> program.readWithoutMemory();
                default -> throw new IllegalArgumentException(arguments[0]);
            }
            exit = 0;
        } catch (Throwable failure) {
            failure.printStackTrace(System.out);
        } finally {
            System.exit(exit); // whatever threads are left
        }
    }

    private void startWithoutEpoll() {
        try (TestEngine engine = TestEngine.open();
                LogCapture log = new LogCapture()) {
            if (transport == Transport.EPOLL) {
                assertThatThrownBy(() -> engine.listener(transport).start())
                        .isInstanceOf(ListenerException.class)
                        .hasMessageStartingWith("transport: EPOLL (expected: Linux, and");
                checkNothingIsLeft(engine);
                engine.closeAndCheck(0);
            } else {
                checkWorks(engine);
                assertThat(log.messages())
                        .singleElement()
                        .asString()
                        .startsWith("INFO transport: NIO, since epoll is not available: ");
            }
        }
    }

    private void startWithoutTheRightToThePort() {
        try (TestEngine engine = TestEngine.open()) {
            assertThatThrownBy(() ->
                            engine.listener(transport).bind("127.0.0.1", 80).start())
                    .isInstanceOf(ListenerException.class)
                    .hasMessage("bind 127.0.0.1:80: permission denied (expected: port 1024 or above, or a process with"
                            + " CAP_NET_BIND_SERVICE)");
            checkNothingIsLeft(engine);
            checkWorks(engine);
        }
    }

    /** However few there are, all is had or nothing. */
    private void startWithoutDescriptors() throws IOException {
        try (TestEngine engine = TestEngine.open();
                TestEngine other = TestEngine.open()) {
            checkWorks(other); // loads what a start needs
            int failures = 0;
            try (AllDescriptors all = new AllDescriptors()) {
                while (true) {
                    Throwable failure = catchThrowable(
                            () -> engine.listener(transport).start().close());
                    if (failure == null) {
                        break;
                    }
                    failures++;
                    assertThat(failure)
                            .isInstanceOf(ListenerException.class)
                            .hasMessageStartingWith(
                                    "bind 127.0.0.1:0: too many open files (expected: at least 4 free descriptors");
                    checkNothingIsLeft(engine);
                    all.giveBack(1);
                }
            }
            assertThat(failures).isBetween(2, 4);
            engine.errors.clear(); // NIO may have found none to count the kernel's drops with
            checkWorks(engine);
        }
    }

    @SuppressWarnings("try") // having them is what they are for
    private void readWithoutDescriptors() throws IOException {
        int half = 3_000;
        try (TestEngine engine = TestEngine.gated(OverloadPolicy.BLOCK);
                UdpListener listener =
                        engine.listener(transport).receiveBufferBytes(8192).start();
                Sender sender = new Sender(listener.address())) {
            sender.send("key 1");
            engine.awaitAccountedFor(1);
            engine.openGate();
            try (AllDescriptors all = new AllDescriptors()) {
                sender.sendMany(half);
                if (transport == Transport.NIO) {
                    await().atMost(TestEngine.PATIENCE).until(() -> !engine.errors.isEmpty());
                }
                sender.sendMany(half);
            }
            engine.awaitAccountedFor(2 * half + 1);
            Ledger ledger = engine.closeAndCheck(listener, 2 * half + 1);
            assertThat(ledger.count(Counter.KERNEL_DROPPED)).isPositive();
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(ledger.count(Counter.RECEIVED));
            assertThat(engine.errors)
                    .hasSize(transport == Transport.NIO ? 1 : 0)
                    .allSatisfy(error -> assertThat(error).hasMessageContaining("drops cannot be counted for now"));
        }
    }

    private void startWithoutMemory() {
        try (TestEngine engine = TestEngine.open()) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> engine.listener(transport).start())
                        .isInstanceOf(ListenerException.class)
                        .hasMessageStartingWith("bind 127.0.0.1:0: ")
                        .hasMessageContaining("direct memory")
                        .hasMessageEndingWith("(expected: more direct memory; see -XX:MaxDirectMemorySize)");
                checkNothingIsLeft(engine);
            }
            engine.closeAndCheck(0);
        }
    }

    /**
     * From JDK 25 on Netty counts the memory itself, else the JVM is the one to refuse it, and what it keeps of a class that it
     * could not set up is a text.
     */
    private void startWithoutMemoryForNetty() {
        String lack =
                "(Cannot reserve \\d+ bytes of direct buffer|failed to allocate \\d+ byte\\(s\\) of direct) memory .*"
                        + " \\(expected: more direct memory";
        String now = lack + "; see -XX:MaxDirectMemorySize\\)";
        String forGood = lack + "; restart the JVM with a higher -XX:MaxDirectMemorySize\\)";
        String socket = "bind 127.0.0.1:0: (" + now + "|.*MemoryError: " + forGood + ")";
        try (TestEngine engine = TestEngine.open()) {
            for (Transport next : List.of(transport, transport, Transport.EPOLL, Transport.NIO, transport)) {
                assertThatThrownBy(() -> engine.listener(next).start())
                        .as("%s", next)
                        .isInstanceOf(ListenerException.class)
                        .hasMessageMatching(
                                next == Transport.NIO ? socket : socket + "|transport: (.*MemoryError: )?" + forGood);
                checkNothingIsLeft(engine);
            }
            engine.closeAndCheck(0);
        }
    }

    /** The ring would hold more than there is memory for. */
    private void readWithoutMemory() {
        byte[] datagram = ("key " + "1".repeat(2_000)).getBytes(StandardCharsets.US_ASCII);
        try (TestEngine engine = TestEngine.gated(OverloadPolicy.BLOCK, 1 << 14, builder -> builder);
                UdpListener listener = engine.listener(transport).start();
                Sender sender = new Sender(listener.address())) {
            await().atMost(TestEngine.PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        sender.send(datagram);
                        return !engine.errors.isEmpty();
                    });
            for (int i = 0; i < 1_000; i++) {
                sender.send(datagram);
            }
            engine.openGate();
            engine.awaitAccountedFor(sender.sent());
            for (int i = 0; i < 100; i++) {
                sender.send(datagram);
                engine.awaitAccountedFor(sender.sent());
            }
            Ledger ledger = engine.closeAndCheck(listener, sender.sent());
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(ledger.count(Counter.RECEIVED));
            assertThat(engine.engine.failure()).isEmpty();
            assertThat(engine.errors).allSatisfy(error -> assertThat(error)
                    .hasMessageContaining("no buffer for a read")
                    .hasRootCauseInstanceOf(OutOfMemoryError.class));
        }
    }

    private static void checkNothingIsLeft(TestEngine engine) {
        assertThat(TestEngine.listenerThreads()).isEmpty();
        assertThat(engine.engine.isRunning()).isTrue();
    }

    private void checkWorks(TestEngine engine) {
        try (UdpListener listener = engine.listener(transport).start();
                Sender sender = new Sender(listener.address())) {
            sender.sendMany(10);
            engine.awaitAccountedFor(10);
            Ledger ledger = engine.closeAndCheck(listener, 10);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(10);
            assertThat(engine.errors).isEmpty();
        }
    }

    /** Every descriptor that this process can have. */
    private static final class AllDescriptors implements Closeable {
        private final Deque<FileInputStream> held = new ArrayDeque<>();

        AllDescriptors() {
            try {
                while (true) {
                    held.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException noMore) {
                assertThat(noMore).hasMessageContaining("Too many open files");
            }
        }

        void giveBack(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                held.remove().close();
            }
        }

        @Override
        public void close() throws IOException {
            giveBack(held.size());
        }
    }
}
