package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.unix.Errors.NativeIoException;
import io.trafilo.Counter;
import io.trafilo.Ledger;
import io.trafilo.OverloadPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener in a process to which the kernel refuses system calls, as in the sandbox of a container. */
@Timeout(120)
class RefusedCallTest {
    private static final int SENT = 2_000;
    private static final int BURST = 100; // fits into the receive buffer

    @Test
    void shouldReceiveAllWithOneWarningWhenRecvmmsgIsRefused() throws Exception {
        refusing("recvmmsg=1").run(Program.class, "recvmmsg");
    }

    /** The table of all sockets serves instead, on a shared port too. */
    @Test
    void shouldCountEachDropWhenSocketsCannotBeAsked() throws Exception {
        refusing("meminfo=1").run(Program.class, "meminfo");
    }

    @Test
    void shouldNameTheOptionOnlyWhereItIsNeededWhenTheKernelLacksIt() throws Exception {
        refusing("gro=92", "reuseport=92").run(Program.class, "options");
    }

    /** A JVM to which the kernel answers these calls with these errors. */
    private static ChildJvm refusing(String... calls) throws IOException, InterruptedException {
        List<String> wrapper = new ArrayList<>(List.of("python3", "-c"));
        try (InputStream script = RefusedCallTest.class.getResourceAsStream("refuse.py")) {
            wrapper.add(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
        wrapper.addAll(List.of(calls));
        wrapper.add("--");
        Needs.epoll();
        Needs.that(runs(wrapper), "no python3 and seccomp to refuse system calls with");
        return new ChildJvm(wrapper);
    }

    private static boolean runs(List<String> wrapper) throws InterruptedException {
        try {
            List<String> command = new ArrayList<>(wrapper);
            command.add("true");
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException noPython) {
            return false;
        }
    }

    /** What happens in the other JVM. */
    static final class Program {
        /** Ends with 0 if all was as expected. */
        public static void main(String[] arguments) {
            int exit = 1;
            try {
                switch (arguments[0]) {
                    case "recvmmsg" -> readWithoutRecvmmsg();
                    case "options" -> startWithoutOptions();
                    case "meminfo" -> countDropsWithoutMeminfo();
                    default -> throw new IllegalArgumentException(arguments[0]);
                }
                exit = 0;
            } catch (Throwable failure) {
                failure.printStackTrace(System.out);
            } finally {
                System.exit(exit); // whatever threads are left
            }
        }

        private static void startWithoutOptions() {
            try (TestEngine engine = TestEngine.open()) {
                assertThatThrownBy(
                                () -> engine.listener(Transport.EPOLL).gro(true).start())
                        .isInstanceOf(ListenerException.class)
                        .hasMessageStartingWith("gro: ")
                        .hasMessageContaining("UDP_GRO");
                assertThatThrownBy(() ->
                                engine.listener(Transport.EPOLL).threads(2).start())
                        .isInstanceOf(ListenerException.class)
                        .hasMessageStartingWith("threads: ")
                        .hasMessageContaining("SO_REUSEPORT");
                assertThat(TestEngine.listenerThreads()).isEmpty();
                try (UdpListener listener = engine.listener(Transport.EPOLL).start();
                        Sender sender = new Sender(listener.address())) {
                    sender.sendMany(10);
                    engine.awaitAccountedFor(10);
                }
            }
        }

        private static void countDropsWithoutMeminfo() {
            for (int threads = 1; threads <= 2; threads++) {
                try (LogCapture log = new LogCapture();
                        TestEngine engine = TestEngine.gated(OverloadPolicy.BLOCK);
                        UdpListener listener = engine.listener(Transport.EPOLL)
                                .bind("0.0.0.0", 0)
                                .allow("127.0.0.1")
                                .threads(threads)
                                .receiveBufferBytes(8192)
                                .start();
                        Sender sender = new Sender(Sender.at("127.0.0.1", listener.address()))) {
                    sender.sendMany(SENT);
                    engine.openGate();
                    Ledger ledger = engine.closeAndCheck(listener, SENT);
                    assertThat(ledger.count(Counter.KERNEL_DROPPED)).isGreaterThan(SENT / 2);
                    assertThat(ledger.isKnown(Counter.KERNEL_DROPPED)).isTrue();
                    assertThat(engine.errors).isEmpty();
                    assertThat(log.messages()).isEmpty();
                }
            }
        }

        private static void readWithoutRecvmmsg() {
            try (LogCapture log = new LogCapture();
                    TestEngine engine = TestEngine.open();
                    UdpListener listener = engine.listener(Transport.EPOLL)
                            .warmUp(true)
                            .threads(2)
                            .start();
                    Sender sender = new Sender(listener.address());
                    Sender other = new Sender(listener.address())) {
                sender.send(new byte[2049]);
                for (int sent = 0; sent < SENT; sent += BURST) {
                    sender.sendMany(BURST);
                    other.sendMany(BURST);
                    engine.awaitAccountedFor(1 + 2 * (sent + BURST));
                }
                Ledger ledger = engine.closeAndCheck(listener, 2 * SENT + 1);
                assertThat(ledger.count(Counter.HANDLED)).isEqualTo(2 * SENT);
                assertThat(ledger.count(Counter.OVERSIZED)).isEqualTo(1);
                assertThat(engine.errors).isEmpty();
                assertThat(log.messages())
                        .filteredOn(message -> !message.contains("receiveBufferBytes"))
                        .singleElement()
                        .asString()
                        .startsWith("WARNING transport: EPOLL reads one datagram per system call")
                        .contains(new NativeIoException("recvmmsg", -1).getMessage());
            }
        }
    }
}
