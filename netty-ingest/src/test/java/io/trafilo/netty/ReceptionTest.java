package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trafilo.Counter;
import io.trafilo.EventParser;
import io.trafilo.Ledger;
import io.trafilo.OverloadPolicy;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakGuard.class)
@Timeout(120)
class ReceptionTest {
    private static final int MANY = 5_000;

    @ParameterizedTest
    @CsvSource({"EPOLL,127.0.0.1", "EPOLL,::1", "NIO,127.0.0.1", "NIO,::1"})
    void shouldCountEveryDatagramWhenSentOverEitherProtocol(Transport transport, String host) throws Exception {
        assumeTrue(NetworkInterface.getByInetAddress(InetAddress.getByName(host)) != null, host + " is not there");
        try (TestEngine engine = TestEngine.open();
                UdpListener listener = engine.listener(transport).bind(host, 0).start();
                Sender sender = new Sender(listener.address())) {
            assertThat(listener.transport()).isEqualTo(transport);
            assertThat(TestEngine.listenerThreads()).containsExactly("trafilo-udp-0");
            sender.sendInStep(MANY, engine::ledger);
            engine.awaitAccountedFor(MANY);
            Ledger ledger = engine.closeAndCheck(listener, MANY);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(MANY);
            assertThat(ledger.count(Counter.KERNEL_DROPPED)).isZero();
            assertThat(engine.errors).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"EPOLL,BLOCK", "EPOLL,DROP_NEWEST", "NIO,BLOCK", "NIO,DROP_NEWEST"})
    void shouldFollowThePolicyWhenTheRingIsFull(Transport transport, OverloadPolicy policy) {
        int sent = 300;
        try (TestEngine engine = TestEngine.gated(policy);
                UdpListener listener = engine.listener(transport).start();
                Sender sender = new Sender(listener.address())) {
            sender.sendMany(sent);
            if (policy == OverloadPolicy.DROP_NEWEST) {
                engine.awaitAccountedFor(sent); // the listener does not wait
                assertThat(engine.ledger().count(Counter.SHED)).isGreaterThan(sent / 2);
            } else {
                engine.awaitRingFull();
                assertThat(engine.ledger().count(Counter.RECEIVED)).isLessThan(sent); // it does, with a batch in hand
            }
            engine.openGate();
            engine.awaitAccountedFor(sent);
            Ledger ledger = engine.closeAndCheck(listener, sent);
            assertThat(ledger.count(Counter.SHED) == 0).isEqualTo(policy == OverloadPolicy.BLOCK);
            assertThat(ledger.count(Counter.HANDLED))
                    .isEqualTo(ledger.count(Counter.RECEIVED) - ledger.count(Counter.SHED));
        }
    }

    @ParameterizedTest
    @CsvSource({"EPOLL,false", "EPOLL,true", "NIO,false"})
    void shouldCountAsOversizedWhenOneByteTooLong(Transport transport, boolean gro) {
        try (TestEngine engine = TestEngine.open();
                UdpListener listener = engine.listener(transport)
                        .gro(gro)
                        .maxDatagramBytes(100)
                        .start();
                Sender sender = new Sender(listener.address())) {
            sender.send(letters(99));
            sender.send(letters(100));
            sender.send(letters(101));
            sender.send(letters(5_000));
            sender.send(letters(100));
            engine.awaitAccountedFor(5);
            Ledger ledger = engine.closeAndCheck(listener, 5);
            assertThat(ledger.count(Counter.OVERSIZED)).isEqualTo(2);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(3);
        }
    }

    /** Of lengths in no order, so that one that is cut off, or runs into the next, differs. */
    @ParameterizedTest
    @CsvSource({"EPOLL,false", "EPOLL,true", "NIO,false"})
    void shouldHandOverWhatWasSentByteForByte(Transport transport, boolean gro) {
        Queue<String> received = new ConcurrentLinkedQueue<>();
        EventParser parser = (buffer, offset, length, out) ->
                received.add(new String(buffer, offset, length, StandardCharsets.ISO_8859_1));
        List<String> sent = new ArrayList<>();
        Random random = new Random(4711);
        try (TestEngine engine = new TestEngine(builder -> builder.parser(parser));
                UdpListener listener = engine.listener(transport)
                        .gro(gro)
                        .maxDatagramBytes(1_500)
                        .start();
                Sender sender = new Sender(listener.address())) {
            for (int i = 1; i <= 150; i++) {
                byte[] datagram = new byte[i % 15 == 0 ? 1_500 : 1 + random.nextInt(1_500)];
                random.nextBytes(datagram);
                sender.send(datagram);
                sent.add(new String(datagram, StandardCharsets.ISO_8859_1));
                engine.awaitAccountedFor(i); // in step, so that none is lost
            }
            Ledger ledger = engine.closeAndCheck(listener, 150);
            assertThat(ledger.count(Counter.MALFORMED)).isEqualTo(150);
        }
        assertThat(List.copyOf(received)).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({"EPOLL,false", "EPOLL,true", "NIO,false"})
    void shouldGoOnWhenADatagramIsEmpty(Transport transport, boolean gro) {
        try (TestEngine engine = TestEngine.open();
                UdpListener listener = engine.listener(transport).gro(gro).start();
                Sender sender = new Sender(listener.address())) {
            for (int i = 0; i < 100; i++) {
                sender.send("");
                sender.send("key 1");
                sender.send("");
            }
            // a hundred of each fit the receive buffer
            engine.awaitAccountedFor(300);
            Ledger ledger = engine.closeAndCheck(listener, 300);
            assertThat(ledger.count(Counter.EMPTY)).isEqualTo(200);
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(100);
        }
    }

    @ParameterizedTest
    @CsvSource({"EPOLL,false", "EPOLL,true", "NIO,false"})
    void shouldTakeTheLongestDatagramWhenAllowed(Transport transport, boolean gro) {
        int longest = 65_507;
        try (TestEngine engine = new TestEngine(builder -> builder.maxMessageLength(1 << 16));
                UdpListener listener = engine.listener(transport)
                        .gro(gro)
                        .maxDatagramBytes(longest)
                        .start();
                Sender sender = new Sender(listener.address())) {
            for (int i = 0; i < 20; i++) {
                sender.send(letters(longest));
                sender.send("key 1");
                engine.awaitAccountedFor(sender.sent());
            }
            Ledger ledger = engine.closeAndCheck(listener, 40);
            assertThat(ledger.count(Counter.OVERSIZED)).isZero();
            assertThat(ledger.count(Counter.HANDLED)).isEqualTo(40);
        }
    }

    @Test
    void shouldTakeWhatTheEngineTakesWhenNothingElseIsSaid() {
        try (TestEngine engine = new TestEngine(builder -> builder.maxMessageLength(8192));
                UdpListener listener = engine.listener().start();
                Sender sender = new Sender(listener.address())) {
            sender.send(new byte[8192]);
            sender.send(new byte[8193]);
            await().atMost(TestEngine.PATIENCE).until(() -> engine.accountedFor() == 2);
            assertThat(engine.ledger().count(Counter.OVERSIZED)).isEqualTo(1);
        }
    }

    private static byte[] letters(int length) {
        byte[] letters = new byte[length];
        Arrays.fill(letters, (byte) 'k');
        letters[1] = ' ';
        return letters;
    }
}
