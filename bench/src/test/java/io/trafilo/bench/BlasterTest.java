package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blasts at a plain socket, which must receive exactly what was reported as sent, in the order of the sequence. */
class BlasterTest {
    private static final int KEYS = 20;
    private static final int SIZE_BYTES = 48;
    private static final long SEED = 3;
    private static final int RATE = 2_000;

    private final MessageSet messages = new MessageSet(MessageSet.Form.TOKEN, KEYS, SIZE_BYTES);

    private interface Opening {
        DatagramSender open(InetSocketAddress target, KeySequence sequence) throws Exception;
    }

    private static DatagramSocket receiver() throws Exception {
        DatagramSocket socket = new DatagramSocket(null);
        socket.setReceiveBufferSize(4 << 20);
        socket.setSoTimeout(300);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return socket;
    }

    private static List<String> drain(DatagramSocket socket) throws Exception {
        List<String> received = new ArrayList<>();
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        try {
            while (true) {
                packet.setLength(2048);
                socket.receive(packet);
                received.add(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII));
            }
        } catch (SocketTimeoutException empty) {
            return received;
        }
    }

    private void checkThatReceivedIsSent(int unit, Opening opening) throws Exception {
        try (DatagramSocket socket = receiver();
                DatagramSender sender = opening.open(
                        (InetSocketAddress) socket.getLocalSocketAddress(), KeySequence.uniform(KEYS, SEED))) {
            // the socket's smallest possible buffer holds one run
            BlastResult result = new Blaster(sender, unit).run(RATE, Duration.ofMillis(100));
            List<String> received = drain(socket);
            assertThat(received).hasSize((int) result.sent());
            assertThat(result.sent() + result.skipped()).isEqualTo(RATE / 10);
            assertThat(result.sendErrors()).isEmpty();

            BlastResult second = new Blaster(sender, unit).run(RATE, Duration.ofMillis(50));
            received.addAll(drain(socket));
            assertThat(received).hasSize((int) (result.sent() + second.sent()));
            KeySequence sequence = KeySequence.uniform(KEYS, SEED);
            for (String message : received) {
                assertThat(message).hasSize(SIZE_BYTES).startsWith("svc" + sequence.next() + " ");
            }
        }
    }

    @Test
    void shouldCountExactlyWhatItSendsWhenOnNio() throws Exception {
        checkThatReceivedIsSent(
                1, (target, sequence) -> new DatagramSender(target, messages, sequence, 1, 64, false, false));
    }

    @Test
    void shouldCountExactlyWhatItSendsWhenOnEpoll() throws Exception {
        assumeTrue(Epoll.isAvailable());
        checkThatReceivedIsSent(
                1,
                (target, sequence) ->
                        new DatagramSender(target, messages, sequence, 1, Pacer.maxBurst(RATE, 1), true, true));
    }

    @Test
    void shouldCountExactlyWhatItSendsWhenKernelCutsPacketsApart() throws Exception {
        assumeTrue(Epoll.isAvailable() && EpollDatagramChannel.isSegmentedDatagramPacketSupported());
        // not a divisor of the number of datagrams: the last packet is a short one
        checkThatReceivedIsSent(
                7,
                (target, sequence) ->
                        new DatagramSender(target, messages, sequence, 7, Pacer.maxBurst(RATE, 7), true, true));
    }

    private void checkThatEachIsStamped(Opening opening) throws Exception {
        try (DatagramSocket socket = receiver();
                DatagramSender sender = opening.open(
                        (InetSocketAddress) socket.getLocalSocketAddress(), KeySequence.uniform(KEYS, SEED))) {
            sender.send(10, index -> 1_000 + index);
            KeySequence sequence = KeySequence.uniform(KEYS, SEED);
            DatagramPacket packet = new DatagramPacket(new byte[SIZE_BYTES], SIZE_BYTES);
            for (int i = 0; i < 10; i++) {
                socket.receive(packet);
                long stamp = ByteBuffer.wrap(packet.getData()).getLong(MessageSet.payloadOffset(sequence.next()));
                assertThat(stamp).isEqualTo(1_000 + i);
            }
        }
    }

    @Test
    void shouldStampEachWithItsOwnTimeWhenOnNio() throws Exception {
        checkThatEachIsStamped(
                (target, sequence) -> new DatagramSender(target, messages, sequence, 1, 64, true, false));
    }

    @Test
    void shouldStampEachWithItsOwnTimeWhenKernelCutsPacketsApart() throws Exception {
        assumeTrue(Epoll.isAvailable() && EpollDatagramChannel.isSegmentedDatagramPacketSupported());
        checkThatEachIsStamped((target, sequence) -> new DatagramSender(target, messages, sequence, 3, 10, true, true));
    }

    @Test
    void shouldCountRefusalsWhenNobodyListens(@TempDir Path directory) throws Exception {
        int freePort;
        try (DatagramSocket socket = receiver()) {
            freePort = socket.getLocalPort();
        }
        Path file = directory.resolve("blast.json");
        TestConsole console = new TestConsole();
        int exitCode = console.run(
                "blast",
                "--target",
                "127.0.0.1:" + freePort,
                "--rate",
                "1000",
                "--duration",
                "300ms",
                "--json",
                file.toString());
        assertThat(exitCode).isZero();
        Map<String, Object> result = TestJson.object(Files.readString(file));
        TestJson.checkFields(Files.readString(file).replaceAll("\\{\\s*\"ECONNREFUSED[^}]*}", "{}"), "blast");
        long failed = (Long) result.get("failed");
        assertThat(failed).isPositive();
        assertThat((Long) result.get("sent") + failed + (Long) result.get("skipped"))
                .isEqualTo(300);
        assertThat(result.get("sendErrors")).isEqualTo(Map.of("ECONNREFUSED", failed));
        assertThat(console.out()).contains("ECONNREFUSED");
    }

    @Test
    void shouldNotCountAsSentWhatIsRefusedWhenOnNio() throws Exception {
        InetSocketAddress free;
        try (DatagramSocket socket = receiver()) {
            free = (InetSocketAddress) socket.getLocalSocketAddress();
        }
        try (DatagramSender sender =
                new DatagramSender(free, messages, KeySequence.uniform(KEYS, SEED), 1, 64, false, false)) {
            sender.send(50, index -> 0);
            assertThat(sender.errors()).containsOnlyKeys("ECONNREFUSED");
            assertThat(sender.sent()).isEqualTo(50 - sender.errors().get("ECONNREFUSED"));
        }
    }

    @Test
    void shouldEndEarlyWhenStopped() throws Exception {
        try (DatagramSocket socket = receiver();
                DatagramSender sender = new DatagramSender(
                        (InetSocketAddress) socket.getLocalSocketAddress(),
                        messages,
                        KeySequence.uniform(KEYS, SEED),
                        1,
                        64,
                        false,
                        false)) {
            Blaster blaster = new Blaster(sender, 1);
            blaster.stop();
            assertThat(blaster.run(10, Duration.ofHours(1)).sent()).isZero();
        }
    }
}
