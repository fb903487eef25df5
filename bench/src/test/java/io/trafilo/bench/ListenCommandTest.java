package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenCommandTest {
    private static final Pattern ADDRESS = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");
    private static final byte[] STRANGE_KEY = {(byte) 0xff, '"', '\\', 0x1b, '\n', (byte) 0xc3};

    private final TestConsole console = new TestConsole();

    private CompletableFuture<Integer> listen(String... arguments) {
        return CompletableFuture.supplyAsync(() -> console.run(arguments));
    }

    private InetSocketAddress awaitAddress() {
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> ADDRESS.matcher(console.err()).find());
        Matcher matcher = ADDRESS.matcher(console.err());
        assertThat(matcher.find()).isTrue();
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(matcher.group(1)));
    }

    private static void send(InetSocketAddress target, byte[]... messages) throws Exception {
        sendFrom(InetAddress.getLoopbackAddress(), target, messages);
    }

    private static void sendFrom(InetAddress source, InetSocketAddress target, byte[]... messages) throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, source)) {
            for (byte[] message : messages) {
                socket.send(new DatagramPacket(message, message.length, target));
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] strangeMessage() {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(STRANGE_KEY);
        message.writeBytes(bytes(" 1"));
        return message.toByteArray();
    }

    @Test
    void shouldCountExactlyWhenPrintingJson(@TempDir Path directory) throws Exception {
        Path ledgerFile = directory.resolve("ledger.json");
        CompletableFuture<Integer> exit = listen(
                "listen",
                "--json",
                "--port",
                "0",
                "--duration",
                "5s",
                "--window",
                "500ms",
                "--slide",
                "50ms",
                "--ledger",
                ledgerFile.toString());
        InetSocketAddress target = awaitAddress();
        for (int i = 0; i < 100; i++) {
            send(target, bytes("alpha " + i), bytes("schlüssel \ud83d\ude00"), bytes("alpha " + i));
        }
        send(target, strangeMessage(), new byte[0], bytes("malformed"));

        assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
        Map<String, Long> totals = new HashMap<>();
        Map<String, Object> strange = null;
        for (String line : console.out().lines().toList()) {
            Map<String, Object> window = TestJson.object(line);
            if (!window.containsKey("keyHex")) {
                TestJson.checkFields(line, "listen");
            }
            assertThat((Long) window.get("endNanos") - (Long) window.get("startNanos"))
                    .isEqualTo(500_000_000);
            assertThat((Long) window.get("count")).isLessThanOrEqualTo((Long) window.get("total"));
            totals.merge((String) window.get("key"), (Long) window.get("total"), Math::max);
            strange = window.containsKey("keyHex") ? window : strange;
        }
        assertThat(totals)
                .containsEntry("alpha", 200L)
                .containsEntry("schlüssel", 100L)
                .hasSize(3);
        assertThat(strange).containsEntry("keyHex", HexFormat.of().formatHex(STRANGE_KEY));
        Map<String, Object> ledger = TestJson.object(Files.readString(ledgerFile));
        assertThat(ledger)
                .containsEntry("received", 303L)
                .containsEntry("handled", 301L)
                .containsEntry("malformed", 1L)
                .containsEntry("empty", 1L)
                .containsEntry("oversized", 0L)
                .containsEntry("kernelDropped", 0L)
                .containsEntry("conserved", true);
        assertThat(console.err()).contains("conserved");
    }

    @Test
    @Tag("slow")
    void shouldCountAsFilteredWhenTheSourceIsInNoNetworkThatIsAllowed(@TempDir Path directory) throws Exception {
        Path ledgerFile = directory.resolve("ledger.json");
        CompletableFuture<Integer> exit = listen(
                "listen",
                "--port",
                "0",
                "--duration",
                "1s",
                "--allow",
                "127.0.0.2",
                "--allow",
                "127.1.0.0/16",
                "--ledger",
                ledgerFile.toString());
        InetSocketAddress target = awaitAddress();
        sendFrom(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), target, bytes("second 1"));
        sendFrom(InetAddress.getByAddress(new byte[] {127, 1, 2, 3}), target, bytes("third 1"));
        send(target, bytes("first 1"), bytes("first 2"));
        assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(console.out()).contains("second  count 1", "third  count 1").doesNotContain("first");
        assertThat(TestJson.object(Files.readString(ledgerFile)))
                .containsEntry("received", 4L)
                .containsEntry("filtered", 2L)
                .containsEntry("handled", 2L)
                .containsEntry("conserved", true);
    }

    @Test
    @Tag("slow")
    void shouldSayEachSecondWhyWhenNoDatagramBecomesAnEvent() throws Exception {
        CompletableFuture<Integer> exit = listen("listen", "--port", "0", "--duration", "3s", "--top");
        InetSocketAddress target = awaitAddress();
        send(target, bytes("nospace"), bytes("nospace"));
        assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(console.err())
                .contains("--top: this is no terminal, so a line for each window instead")
                .contains("bytes); the key ends at the first space")
                .containsOnlyOnce("2 received, 2 malformed: the key ends at the first space");
    }

    @Test
    @Tag("slow")
    void shouldDrawATableWhenThereIsATerminal() throws Exception {
        ListenCommand command = new ListenCommand(console.console(), () -> true);
        String[] options = {"--top", "--port", "0", "--duration", "4s", "--window", "2s", "--slide", "200ms"};
        CompletableFuture<Integer> exit =
                CompletableFuture.supplyAsync(() -> TestLoads.parser(command).execute(options));
        send(awaitAddress(), bytes("alpha 1"), bytes("alpha 2"));
        assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(console.out())
                .contains("; window 2s; Ctrl-C ends", "handled 2/s; lost so far: kernel 0", "  alpha\033[K")
                .contains("0.0            0               2", "\033[?25h");
    }

    @Test
    @Tag("slow")
    void shouldPrintTextThatDoesNotSteerTheTerminalWhenNotJson() throws Exception {
        CompletableFuture<Integer> exit = listen(
                "listen",
                "--port",
                "0",
                "--duration",
                "1s",
                "--slide",
                "5s",
                "--transport",
                "nio",
                "--policy",
                "drop-newest");
        send(awaitAddress(), bytes("alpha 1"), strangeMessage());
        assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(console.out()).contains("alpha  count 1  total 1").doesNotContain("\u001b");
        assertThat(console.out().lines()).hasSize(2);
    }
}
