package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trafilo.Counter;
import io.trafilo.Ledger;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Listeners that come and go on one port while it is sent to: none of the datagrams is lost with a socket. */
@ExtendWith(LeakGuard.class)
@Timeout(120)
class SharedPortSystemTest {
    private static final int PORTS = 32;
    private static final int ROUNDS = 5;

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,127.0.0.1,0,false",
        "127.0.0.1,127.0.0.1,20000,false",
        "127.0.0.1,127.0.0.1,20000,true",
        "0.0.0.0,127.0.0.1,0,false",
        "::1,::1,0,false",
        "::,::1,0,false",
        "::,127.0.0.1,0,false"
    })
    void shouldAccountForEveryDatagramWhenListenersAreAddedAndClosedUnderLoad(
            String bind, String host, int perSecond, boolean gro) throws Exception {
        Needs.epoll();
        assumeTrue(NetworkInterface.getByInetAddress(InetAddress.getByName(host)) != null, host + " is not there");
        try (TestEngine engine = TestEngine.open()) {
            UdpListener current = listener(engine, bind, 0, host, gro);
            try (SteadyLoad load = new SteadyLoad(Sender.at(host, current.address()), PORTS, perSecond)) {
                for (int round = 0; round < ROUNDS; round++) {
                    UdpListener next = listener(engine, bind, current.address().getPort(), host, gro);
                    awaitReading(next);
                    current.close();
                    current = next;
                    awaitReading(current);
                }
                engine.awaitAccountedFor(load.stop());
                Ledger ledger = engine.closeAndCheck(current, load.sent());
                assertThat(ledger.count(Counter.HANDLED)).as("%s", ledger).isEqualTo(ledger.count(Counter.RECEIVED));
                assertThat(engine.errors).isEmpty();
            }
        }
        assertThat(TestEngine.listenerThreads()).isEmpty();
    }

    private static UdpListener listener(TestEngine engine, String bind, int port, String host, boolean gro) {
        return engine.listener(Transport.EPOLL)
                .bind(bind, port)
                .threads(2)
                .gro(gro)
                .allow(host) // what is read last of a socket has its sender's address still
                .start();
    }

    private static void awaitReading(UdpListener listener) {
        long before = read(listener);
        await().atMost(TestEngine.PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> read(listener) > before + 200);
    }

    private static long read(UdpListener listener) {
        return listener.sockets().datagrams().stream()
                .mapToLong(Long::longValue)
                .sum();
    }
}
