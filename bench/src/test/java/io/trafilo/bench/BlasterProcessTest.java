package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class BlasterProcessTest {
    private static Set<Long> children() {
        return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private static TrafficOptions traffic(String... arguments) {
        TrafficOptions traffic = new TrafficOptions();
        CommandSpec spec = CommandSpec.create().addMixin("traffic", CommandSpec.forAnnotatedObject(traffic));
        new CommandLine(spec).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return traffic;
    }

    @Test
    void shouldSendWholeLinesWhenTheyAreOfStatsD() throws Exception {
        TrafficOptions traffic = traffic("--keys=1", "--size=20");
        traffic.format = MessageSet.Form.STATSD;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                BlasterProcess blaster =
                        BlasterProcess.start(traffic, (InetSocketAddress) socket.getLocalSocketAddress(), 1_000)) {
            socket.setSoTimeout(20_000);
            blaster.begin(Duration.ofMillis(100));
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            socket.receive(packet);
            assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII))
                    .isEqualTo("svc0.hitsxxxxxxx:1|c");
        }
    }

    @Test
    void shouldRunTwiceAndEndWithItsInput() throws Exception {
        TrafficOptions traffic = traffic("--keys=10");
        Set<Long> before = children();
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                BlasterProcess blaster =
                        BlasterProcess.start(traffic, (InetSocketAddress) socket.getLocalSocketAddress(), 1_000)) {
            assertThat(children()).hasSize(before.size() + 1);
            for (int run = 0; run < 2; run++) {
                blaster.begin(Duration.ofMillis(100));
                BlastResult result = blaster.await(TimeUnit.SECONDS.toNanos(20));
                assertThat(result).isNotNull();
                assertThat(result.sent() + result.skipped()).isEqualTo(100);
            }
            assertThat(blaster.await(1)).isNull();
        }
        await().atMost(20, TimeUnit.SECONDS).until(() -> children().equals(before));
    }
}
