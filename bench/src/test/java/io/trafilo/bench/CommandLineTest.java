package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class CommandLineTest {
    private final TestConsole console = new TestConsole();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listen --window 5 | --window",
                "listen --window 0s | --window",
                "listen --slide 6s | slide",
                "listen --workers 0 | --workers",
                "listen --workers many | --workers",
                "listen --shards 100 | --shards",
                "listen --ring 1000 | --ring",
                "listen --policy drop | --policy",
                "listen --transport fast | --transport",
                "listen --threads 0 | --threads",
                "listen --receive-buffer 4q | --receive-buffer",
                "listen --port -1 | --port",
                "listen --port 65536 | --port",
                "listen --bind no.such.host.invalid | --bind",
                "listen --allow localhost | --allow",
                "listen --allow 10.0.0.1/8 | 10.0.0.0/8",
                "listen --allow ::1 --allow 10.0.0.0/33 | 10.0.0.0/33",
                "listen --allow | --allow",
                "load --allow ::1 | --allow",
                "listen --duration soon | --duration",
                "listen --unknown | --unknown",
                "blast | --target",
                "blast --target 127.0.0.1 | --target",
                "blast --target 127.0.0.1:0 | --target",
                "blast --target 127.0.0.1:x | --target",
                "blast --target 192.0.2.1:9 | --allow-remote",
                "blast --target 127.0.0.1:9 --rate -1 | --rate",
                "blast --target 127.0.0.1:9 --keys 0 | --keys",
                "blast --target 127.0.0.1:9 --size 4 | --size",
                "blast --target 127.0.0.1:9 --size 65508 | --size",
                "blast --target 127.0.0.1:9 --gso 65 | --gso",
                "blast --target 127.0.0.1:9 --gso 64 --size 2000 | --gso",
                "blast --target 127.0.0.1:9 --distribution normal | --distribution",
                "blast --target 127.0.0.1:9 --distribution zipf --zipf-exponent 0 | --zipf-exponent",
                "listen --ledger /no/such/directory/ledger.json | --ledger",
                "blast --target 127.0.0.1:9 --json /no/such/directory/sent.json | --json",
                "load --json /no/such/directory/load.json | --json",
                "load --report /dev/null | --report: /dev/null (expected: a directory",
                "load --report /dev/null/report | --report",
                "load --report /proc/none/report | --report",
                "load --report | --report",
                "load --vs trafilo | --vs",
                "load --engine plain --vs PLAIN | --vs",
                "load --duration 0s | --duration",
                "load --rate fast | --rate",
                "load --soak 29s | --soak",
                "load --soak 1m --vs plain | --soak",
                "load --soak 1m --ramp | --soak",
                "load --ring 3 | --ring",
                "load --warmup -1s | --warmup",
                "plot | <table>",
                "juggle | juggle",
            })
    void shouldSayWhatIsWrongWhenASettingIsMalformed(String arguments, String named) {
        assertThat(console.run(arguments.trim().split(" "))).isEqualTo(2);
        assertThat(console.err()).contains(named.trim()).doesNotContain("\tat ");
        assertThat(console.out()).isEmpty();
    }

    @Test
    void shouldNameTheCommandsWhenNoneIsGiven() {
        assertThat(console.run()).isEqualTo(2);
        assertThat(console.err()).contains("listen", "blast", "load", "plot");
    }

    @Test
    void shouldSayOnlyTheReasonWhenPortIsTaken() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(console.run("listen", "--port", port, "--duration", "1ms"))
                    .isEqualTo(1);
            assertThat(console.err())
                    .contains("bind 127.0.0.1:" + port + ": address already in use (another socket holds the port")
                    .doesNotContain("\tat ");
            assertThat(console.out()).isEmpty();
        }
    }

    @Test
    void shouldExplainEveryCommandWhenAskedForHelp() {
        for (String command : new String[] {"listen", "blast", "load", "plot"}) {
            TestConsole fresh = new TestConsole();
            assertThat(fresh.run(command, "--help")).isZero();
            assertThat(fresh.out()).contains("Usage: trafilo-bench " + command).doesNotContain("${");
        }
    }

    @Test
    void shouldHaveADescriptionOfEveryOption() {
        Main.commandLine(console.console()).getSubcommands().values().stream()
                .filter(command -> !command.getCommandSpec().usageMessage().hidden())
                .flatMap(command -> command.getCommandSpec().args().stream())
                .forEach(argument -> assertThat(argument.description())
                        .as(argument.toString())
                        .isNotEmpty());
    }

    @Test
    void shouldExplainWhatALoadIsLikeWhenAskedForHelp() {
        assertThat(console.run("load", "--help")).isZero();
        assertThat(console.out())
                .contains("--rate=", "--duration=", "--warmup=", "--engine=", "--vs=", "--rounds=", "--ramp")
                .contains(
                        "--json=",
                        "--report=",
                        "--gso=",
                        "--gro",
                        "--keys=",
                        "--distribution=",
                        "--size=",
                        "--window=");
    }
}
