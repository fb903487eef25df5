package io.trafilo.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafilo.Counter;
import io.trafilo.ErrorListener;
import io.trafilo.EventParser;
import io.trafilo.Key;
import io.trafilo.Ledger;
import io.trafilo.Stall;
import io.trafilo.StallListener;
import io.trafilo.TopKeys;
import io.trafilo.Trafilo;
import io.trafilo.WindowResult;
import io.trafilo.WindowView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every Java sample of README and docs is a part of a source here, which is compiled and run. */
class DocumentedSamplesTest {
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @Test
    void shouldFindEverySampleOfTheDocumentsInASourceThatIsTested() throws IOException {
        String sources = read(ROOT.resolve("netty-ingest/src/test/java/io/trafilo/samples"), ".java")
                + read(ROOT.resolve("extensions/formats/src/test/java/io/trafilo/samples"), ".java");
        List<String> samples = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            List<Path> documents = new ArrayList<>(
                    files.filter(file -> file.toString().endsWith(".md")).toList());
            documents.add(ROOT.resolve("README.md"));
            for (Path document : documents) {
                Matcher block = JAVA_BLOCK.matcher(Files.readString(document));
                while (block.find()) {
                    samples.add(block.group(1));
                    assertThat(sources).as("%s", document).contains(withoutIndentation(block.group(1)));
                }
            }
        }
        assertThat(samples).hasSizeGreaterThanOrEqualTo(5);
    }

    @Test
    void shouldCloseTheBooksWhenTheGuideListens() {
        Ledger ledger = new GuideSamples().listenAndClose(() -> {});
        assertThat(ledger.isConserved()).isTrue();
    }

    @Test
    void shouldTakeTheGuideMessageWhenTheEngineRuns() {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .handler((event, none) -> seen.add(event.key() + "|" + event.payloadText()))
                .build();
        assertThat(GuideSamples.offerOne(engine)).isFalse();
        engine.start();
        assertThat(GuideSamples.offerOne(engine)).isTrue();
        engine.close();
        assertThat(seen).containsExactly("svc7|GET /index");
    }

    @Test
    void shouldTellOfLatenciesWhenTheGuideAggregates() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        EventParser latencies = (buffer, offset, length, out) -> out.event(offset, 1, offset, length)
                .value(buffer[offset + 2] - '0')
                .item(offset + 4, 1);
        Trafilo<Void> engine =
                GuideSamples.latencies(latencies, new PrintStream(printed, true, StandardCharsets.UTF_8));
        engine.start();
        byte[] message = "a 5 u".getBytes(StandardCharsets.UTF_8);
        assertThat(engine.offer(message, 0, message.length)).isTrue();
        engine.close();
        assertThat(printed.toString(StandardCharsets.UTF_8).replace(',', '.'))
                .startsWith("a: 1 requests of 1 users. mean 5.0 ms. p99 5.0 ms. longest 5.0 ms");
    }

    @Test
    void shouldNameTheBusiestKeyWhenTheGuideAsksForIt() {
        Queue<WindowResult> windows = new ConcurrentLinkedQueue<>();
        TopKeys top = TopKeys.by(WindowView::count, 20);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Trafilo<Void> engine = GuideSamples.busiest(windows, top);
        engine.start();
        assertThat(GuideSamples.offerOne(engine)).isTrue();
        engine.close();
        assertThat(windows).hasSize(1);
        GuideSamples.print(top, new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertThat(printed.toString(StandardCharsets.UTF_8)).startsWith("svc7 1.0");
    }

    @Test
    void shouldFindEachPairWhenTheGuideParserReadsAMessage() {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .parser(GuideSamples.pairs())
                .workers(1)
                .handler((event, none) -> seen.add(event.key() + "|" + event.payloadText()))
                .build();
        engine.start();
        byte[] message = "cpu=7;junk;=3;mem=12;disk=".getBytes(StandardCharsets.UTF_8);
        assertThat(engine.offer(message, 0, message.length)).isTrue();
        engine.close();
        assertThat(seen).containsExactly("cpu|7", "mem|12", "disk|");
        assertThat(engine.ledger().count(Counter.REJECTED)).isEqualTo(2);
    }

    @Test
    void shouldAddUpTheNumbersWhenTheGuideReadsPayloadsWithoutACopy() {
        Trafilo<long[]> engine = GuideSamples.sums();
        engine.start();
        for (int number : new int[] {1 << 20, 7}) {
            byte[] message = ByteBuffer.allocate(9)
                    .put("svc7 ".getBytes(StandardCharsets.UTF_8))
                    .putInt(number)
                    .array();
            assertThat(engine.offer(message, 0, message.length)).isTrue();
        }
        await().until(() -> engine.ledger().count(Counter.HANDLED) == 2);
        assertThat(engine.read(Key.of("svc7"), sum -> sum[0])).contains((1L << 20) + 7);
        engine.close();
    }

    @Test
    void shouldReadTheSettingsWhenTheGuideAsksTheEngine() {
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .sink((window, none) -> {})
                .ringCapacity(8)
                .maxMessageLength(100)
                .build();
        assertThat(GuideSamples.longestBacklogBytes(engine)).isEqualTo(800);
        engine.close();
    }

    @Test
    void shouldPrintBeginAndEndWhenTheGuideListensForStalls() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        StallListener listener = GuideSamples.printing(new PrintStream(printed, true, StandardCharsets.UTF_8));
        Stall stall = new StallOfASink();
        listener.onStall(stall);
        listener.onStallEnd(stall);
        assertThat(text(printed).lines())
                .containsExactly(
                        "SINK is stuck on trafilo-worker-0",
                        "    at App.write(App.java:7)",
                        "SINK goes on after 1200 ms");
    }

    private record StallOfASink() implements Stall {
        @Override
        public ErrorListener.Stage stage() {
            return ErrorListener.Stage.SINK;
        }

        @Override
        public String thread() {
            return "trafilo-worker-0";
        }

        @Override
        public Key key() {
            return Key.of("svc7");
        }

        @Override
        public Duration duration() {
            return Duration.ofMillis(1200);
        }

        @Override
        public List<StackTraceElement> stack() {
            return List.of(new StackTraceElement("App", "write", "App.java", 7));
        }
    }

    @Test
    void shouldGiveTheSameWindowsWhenARecordingIsReplayedTwice() {
        List<String> recording = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            recording.add("svc" + i % 7 + " " + (1_600_000_000_000L + i * 10L));
        }
        Queue<WindowResult> first = new ConcurrentLinkedQueue<>();
        Queue<WindowResult> second = new ConcurrentLinkedQueue<>();
        GuideSamples.replay(recording, first);
        GuideSamples.replay(recording, second);
        assertThat(first).hasSizeGreaterThan(7).containsExactlyElementsOf(second);
    }

    private static String text(ByteArrayOutputStream printed) {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static String read(Path directory, String suffix) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(suffix)).toList()) {
                all.append(withoutIndentation(Files.readString(file)));
            }
        }
        return all.toString();
    }

    private static String withoutIndentation(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
