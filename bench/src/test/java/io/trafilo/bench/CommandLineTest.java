package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.Trafilo;
import io.trafilo.TrafiloBuilder;
import java.net.DatagramSocket;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

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
                "peers --peers graphite | --peers",
                "peers --rounds 0 | --rounds",
                "peers --duration 0s | --duration",
                "peers --json /no/such/directory/peers.json | --json",
                "blast --target 127.0.0.1:9 --format graphite | --format",
                "blast --target 127.0.0.1:9 --format statsd --keys 10000000 --size 10 | --size",
                "parse | --format",
                "parse --format ganglia | --format: ganglia (expected: token",
                "parse --format statsd --check | --check",
                "juggle | juggle",
            })
    void shouldSayWhatIsWrongWhenASettingIsMalformed(String arguments, String named) {
        assertThat(console.run(arguments.trim().split(" "))).isEqualTo(2);
        assertThat(console.err()).contains(named.trim()).doesNotContain("\tat ");
        assertThat(console.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listen --workers many | --workers: many (expected: a whole number, 1 to 64)",
                "listen --workers 65 | --workers: 65 (expected: 1 to 64)",
                "listen --workers | --workers: no value (expected: <count>)",
                "listen --ring 4k | --ring: 4k (expected: a whole number: 4096)",
                "listen --port http | --port: http (expected: a whole number, 0 to 65535)",
                "listen --port 65536 | --port: 65536 (expected: 0 to 65535)",
                "listen --window 5 | --window: 5 (expected: a number and its unit: 500ms, 5s, 2m)",
                "listen --receive-buffer 4q | --receive-buffer: 4q (expected: bytes, KiB or MiB: 65536, 64k, 4m)",
                "listen --transport fast | --transport: fast (expected: auto, epoll or nio)",
                "listen --policy drop | --policy: drop (expected: block or drop-newest)",
                "load --engine fast | --engine: fast (expected: trafilo, plain or bare)",
                "load --rate fast | --rate: fast (expected: a whole number, 0 to 100000000)",
                "load --rounds 1001 | --rounds: 1001 (expected: 1 to 1000)",
                "load --size 65508 | --size: 65508 (expected: 1 to 65507)",
                "load --zipf-exponent much | --zipf-exponent: much (expected: a number: 0.99)",
                "listen --ring 1000 | --ring: 1000 messages (expected: a power of two",
                "listen --max-keys 0 | --max-keys: 0 ",
                "listen --max-retained 0 | --max-retained: 0 ",
                "listen --slide 6s | --slide: 6000 ms (expected: > 0 and <= --window 5000 ms)",
                "blast | --target: no value (expected: <host:port>)",
            })
    void shouldSayOptionValueAndRuleWhenAValueIsRefused(String arguments, String message) {
        assertThat(console.run(arguments.trim().split(" "))).isEqualTo(2);
        assertThat(console.err()).startsWith(message.trim());
        assertThat(console.out()).isEmpty();
    }

    /** The engine's message names its settings; a caller of a program has options. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listen --max-keys 1000000000 | lower --max-keys 1000000000",
                "listen --max-retained 2147483648 | lower --max-retained 2147483648 or --max-keys",
                "listen --ring 16777216 | lower --ring 16777216",
                "load --max-keys 1000000000 | lower --max-keys 1000000000",
                "load --max-retained 2147483648 | lower --max-retained 2147483648 or --max-keys 10000",
            })
    void shouldAdviseOptionsWhenTheSettingsDoNotFitTheHeap(String arguments, String advice) {
        assertThat(console.run(arguments.trim().split(" "))).isEqualTo(2);
        assertThat(console.err())
                .startsWith("memory: ")
                .contains(advice.trim(), ", or raise -Xmx")
                .doesNotContain("maxKey", "maxRetained", "--window");
    }

    /** Such a file can be written, but not put in place of another. */
    @ParameterizedTest
    @ValueSource(strings = {"listen --ledger", "load --json", "blast --target 127.0.0.1:9 --json"})
    @EnabledOnOs(OS.LINUX)
    void shouldRefuseAFileAtTheStartWhenItsDirectoryTakesNone(String arguments) {
        assertThat(console.run((arguments + " /proc/self/comm").split(" "))).isEqualTo(2);
        assertThat(console.err()).contains(": /proc/self/comm (expected: a file that can be written");
    }

    @Test
    void shouldAllowTheRangesThatTheEngineDoes() {
        TrafiloBuilder<Void> builder = Trafilo.builder();
        builder.workers(64);
        assertThatThrownBy(() -> builder.workers(65)).hasMessageContaining("(expected: 1 to 64)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "listen --version", "blast -V", "load --version", "plot --version"})
    void shouldTellItsVersionAndTheJvms(String arguments) {
        assertThat(console.run(arguments.split(" "))).isZero();
        assertThat(console.out())
                .startsWith("trafilo-bench ")
                .contains(Runtime.version().toString());
        assertThat(console.err()).isEmpty();
    }

    @Test
    void shouldExplainEachKindOfValueWhenAskedForHelp() {
        CommandLine all = Main.commandLine(console.console());
        for (CommandLine command : all.getSubcommands().values()) {
            if (command.getCommandSpec().usageMessage().hidden()
                    || command.getCommandName().equals("help")) {
                continue;
            }
            for (OptionSpec option : command.getCommandSpec().options()) {
                String kind = option.paramLabel();
                if (option.arity().max() > 0 && kind.startsWith("<")) {
                    assertThat(command.getUsageMessage()).containsPattern("(?m)^  " + kind + " +\\w+");
                }
            }
        }
        assertThat(all.getSubcommands().get("listen").getUsageMessage()).contains("500ms, 5s, 2m");
    }

    @Test
    void shouldNameTheCommandsWhenNoneIsGiven() {
        assertThat(console.run()).isEqualTo(2);
        assertThat(console.err()).contains("listen", "blast", "load", "plot", "peers", "parse");
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
        for (String command : new String[] {"listen", "blast", "load", "plot", "peers", "parse"}) {
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
