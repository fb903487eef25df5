package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventParserTest {
    private static final String REJECTED = "rejected";

    /** Writes down what a parser says, after checking that the slices are within the message. */
    private static final class Notes implements EventCollector {
        final List<String> lines = new ArrayList<>();
        private final byte[] buffer;
        private final int start;
        private final int end;

        Notes(byte[] buffer, int start, int end) {
            this.buffer = buffer;
            this.start = start;
            this.end = end;
        }

        @Override
        public void event(int keyOffset, int keyLength, int payloadOffset, int payloadLength) {
            lines.add(slice(keyOffset, keyLength) + "|" + slice(payloadOffset, payloadLength));
        }

        @Override
        public void event(int keyOffset, int keyLength, int payloadOffset, int payloadLength, long timestampNanos) {
            throw new AssertionError("a time of its own");
        }

        @Override
        public void reject() {
            lines.add(REJECTED);
        }

        private String slice(int offset, int length) {
            assertThat(offset).isBetween(start, end);
            assertThat(length).isBetween(0, end - offset);
            return new String(buffer, offset, length, StandardCharsets.ISO_8859_1);
        }
    }

    /** Parses a message alone in its array, and once more between bytes that are not its own. */
    private static List<String> parse(EventParser parser, String message) {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        Notes alone = new Notes(bytes, 0, bytes.length);
        parser.parse(bytes, 0, bytes.length, alone);

        byte[] around = ("a b" + message + " c d").getBytes(StandardCharsets.ISO_8859_1);
        Notes between = new Notes(around, 3, 3 + bytes.length);
        parser.parse(around, 3, bytes.length, between);
        assertThat(between.lines).as("the same wherever it lies").isEqualTo(alone.lines);
        return alone.lines;
    }

    @Test
    void shouldSplitAtTheFirstSpace() {
        assertThat(parse(EventParser.firstToken(), "key payload")).containsExactly("key|payload");
        assertThat(parse(EventParser.firstToken(), "key two words")).containsExactly("key|two words");
        assertThat(parse(EventParser.firstToken(), "key  spaces ")).containsExactly("key| spaces ");
    }

    @Test
    void shouldGiveAnEmptyPayloadWhenNothingFollowsTheSpace() {
        assertThat(parse(EventParser.firstToken(), "key ")).containsExactly("key|");
        assertThat(parse(EventParser.firstToken(), "k ")).containsExactly("k|");
    }

    @Test
    void shouldRejectWhenThereIsNoSpaceOrNoKey() {
        assertThat(parse(EventParser.firstToken(), "key")).containsExactly(REJECTED);
        assertThat(parse(EventParser.firstToken(), "k")).containsExactly(REJECTED);
        assertThat(parse(EventParser.firstToken(), " key payload")).containsExactly(REJECTED);
        assertThat(parse(EventParser.firstToken(), " ")).containsExactly(REJECTED);
        assertThat(parse(EventParser.firstToken(), "")).containsExactly(REJECTED);
    }

    @Test
    void shouldSplitAtAnyDelimiterByte() {
        assertThat(parse(EventParser.delimited((byte) ','), "key a,payload,more"))
                .containsExactly("key a|payload,more");
        assertThat(parse(EventParser.delimited((byte) 0), "key\0payload")).containsExactly("key|payload");
        assertThat(parse(EventParser.delimited((byte) 0xFF), "key\u00FF\u00FE")).containsExactly("key|\u00FE");
        assertThat(parse(EventParser.delimited((byte) ','), ",payload")).containsExactly(REJECTED);
        assertThat(parse(EventParser.delimited((byte) ','), "key payload")).containsExactly(REJECTED);
    }

    @Test
    void shouldTakeBinaryKeysAndPayloadsAsTheyAre() {
        assertThat(parse(EventParser.firstToken(), "\0\u0080\u00FF\n \0\u0001"))
                .containsExactly("\0\u0080\u00FF\n|\0\u0001");
    }

    @Test
    void shouldTakeTheWholeMessageAsTheKey() {
        assertThat(parse(EventParser.wholeMessage(), "key and all")).containsExactly("key and all|");
        assertThat(parse(EventParser.wholeMessage(), " ")).containsExactly(" |");
    }
}
