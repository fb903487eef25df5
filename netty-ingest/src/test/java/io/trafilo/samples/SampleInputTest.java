package io.trafilo.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Counter;
import io.trafilo.EventParser;
import io.trafilo.Ledger;
import io.trafilo.Trafilo;
import io.trafilo.WindowResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** What real senders send: keys that are not ASCII, a line end behind the last word, several lines in one datagram. */
class SampleInputTest {
    /** Begin with the same letters, and differ in what is not ASCII. */
    private static final List<String> ALIKE =
            List.of("zürich", "zörich", "z\u00e4rich", "zǖrich", "z🚀rich", "z🚁rich");

    private final List<String> seen = new ArrayList<>();

    @Test
    void shouldTellPairsApartWhenKeysAreNotAscii() {
        parse(GuideSamples.pairs(), String.join("=1;", ALIKE) + "=1");
        assertThat(seen)
                .containsExactlyElementsOf(ALIKE.stream().map(key -> key + "|1").toList());
    }

    @Test
    void shouldFindEachPairWhenTheyStandInSeveralLines() {
        Ledger ledger = parse(GuideSamples.pairs(), "cpu=7;mem=12\ndisk=3;\n\njunk\nnet=\n");
        assertThat(seen).containsExactly("cpu|7", "mem|12", "disk|3", "net|");
        assertThat(ledger.count(Counter.REJECTED)).isEqualTo(1);
    }

    @Test
    void shouldFindEachRecordedEventWhenADatagramHasSeveralLines() {
        Ledger ledger = parse(GuideSamples.recorded(), "svc1 1600000000000\nsvc2 1600000000001\n");
        assertThat(seen).containsExactly("svc1|", "svc2|");
        assertThat(ledger.count(Counter.REJECTED)).isZero();
    }

    @Test
    void shouldRejectTheLineAloneWhenARecordedTimeIsNoNumber() {
        Ledger ledger = parse(
                GuideSamples.recorded(), "svc1 1600000000000\nsvc2 soon\nsvc3\n 1600000000000\nsvc4 1600000000001");
        assertThat(seen).containsExactly("svc1|", "svc4|");
        assertThat(ledger.count(Counter.REJECTED)).isEqualTo(3);
        assertThat(ledger.count(Counter.PARSE_FAILED)).isZero();
    }

    @Test
    void shouldTellRecordedKeysApartWhenTheyAreNotAscii() {
        Queue<WindowResult> windows = new ConcurrentLinkedQueue<>();
        GuideSamples.replay(ALIKE.stream().map(key -> key + " 1600000000000\n").toList(), windows);
        assertThat(windows.stream().map(window -> window.key().toString())).containsExactlyElementsOf(ALIKE);
    }

    /** Ten seconds, a slide each: in the wrong unit it would be one window. */
    @Test
    void shouldGiveAWindowForEachSlideWhenARecordingIsInMilliseconds() {
        Queue<WindowResult> windows = new ConcurrentLinkedQueue<>();
        List<String> recording = new ArrayList<>();
        for (int second = 0; second < 10; second++) {
            recording.add("svc7 " + (1_600_000_000_000L + 1_000L * second));
        }
        GuideSamples.replay(recording, windows);
        assertThat(windows).hasSize(10);
    }

    private Ledger parse(EventParser parser, String message) {
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .parser(parser)
                .workers(1)
                .handler((event, none) -> seen.add(event.key() + "|" + event.payloadText()))
                .build();
        engine.start();
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        assertThat(engine.offer(bytes, 0, bytes.length)).isTrue();
        engine.close();
        return engine.ledger();
    }
}
