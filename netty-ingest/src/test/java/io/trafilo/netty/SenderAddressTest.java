package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trafilo.EventParser;
import io.trafilo.EventView;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parser and handler are told who sent a message. */
@ExtendWith(LeakGuard.class)
@Timeout(120)
class SenderAddressTest {
    private static final int EACH = 40;

    private final Queue<String> seen = new ConcurrentLinkedQueue<>();

    private void note(EventView event) {
        seen.add(event.key() + " "
                + event.sender().toSocketAddress().getAddress().getHostAddress() + " "
                + event.sender().port() + " " + event.payloadText());
    }

    /** The third is a listener for both protocols, at which IPv4 addresses arrive mapped. */
    @ParameterizedTest
    @CsvSource({
        "EPOLL, 127.0.0.1, 127.0.0.1, false",
        "EPOLL, 127.0.0.1, 127.0.0.1, true",
        "EPOLL, ::1, ::1, false",
        "EPOLL, ::, 127.0.0.1, false",
        "NIO, 127.0.0.1, 127.0.0.1, false",
        "NIO, ::, 127.0.0.1, true",
        "NIO, ::1, ::1, false"
    })
    void shouldNameTheSenderOfEachDatagram(Transport transport, String bind, String host, boolean runToCompletion)
            throws Exception {
        assumeTrue(NetworkInterface.getByInetAddress(InetAddress.getByName(host)) != null, host + " is not there");
        try (TestEngine engine = new TestEngine(
                        builder -> builder.parser(EventParser.bySender()).handler((event, none) -> note(event)));
                UdpListener listener = engine.listener(transport)
                        .bind(bind, 0)
                        .runToCompletion(runToCompletion)
                        .start()) {
            InetSocketAddress to = Sender.at(host, listener.address());
            try (Sender first = new Sender(host, to);
                    Sender second = new Sender(host, to)) {
                for (int i = 1; i <= EACH; i++) {
                    first.send("first");
                    second.send("second");
                    engine.awaitAccountedFor(2L * i);
                }
                engine.closeAndCheck(listener, 2 * EACH);
                String address = InetAddress.getByName(host).getHostAddress();
                String key = host; // as RFC 5952 writes it
                assertThat(seen).hasSize(2 * EACH);
                assertThat(seen.stream().distinct())
                        .containsExactlyInAnyOrder(
                                key + " " + address + " " + first.port() + " first",
                                key + " " + address + " " + second.port() + " second");
            }
        }
    }

    /** So that what is left of a datagram's sender in the ring's slot is not taken for that of an offered message. */
    @ParameterizedTest
    @CsvSource({"EPOLL", "NIO"})
    void shouldKnowNoSenderOfAnOfferedMessage(Transport transport) {
        EventParser parser = (buffer, offset, length, out) -> out.event(offset, length, offset, length);
        try (TestEngine engine = new TestEngine(builder -> builder.parser(parser)
                        .ringCapacity(2)
                        .maxClaim(1)
                        .handler((event, none) ->
                                seen.add(event.key() + " " + event.sender().isKnown() + " "
                                        + event.sender().addressLength())));
                UdpListener listener = engine.listener(transport).start();
                Sender sender = new Sender(listener.address())) {
            byte[] offered = "offered".getBytes(StandardCharsets.US_ASCII);
            for (int i = 1; i <= EACH; i++) {
                sender.send("sent");
                engine.awaitAccountedFor(i);
                for (int j = 0; j < 2; j++) { // with the one sent an odd number, so that each slot gets both kinds
                    while (!engine.engine.offer(offered, 0, offered.length)) {
                        Thread.onSpinWait();
                    }
                }
            }
            engine.closeAndCheck(listener, EACH);
            assertThat(seen).hasSize(3 * EACH);
            assertThat(seen.stream().distinct()).containsExactlyInAnyOrder("sent true 4", "offered false 0");
        }
    }
}
