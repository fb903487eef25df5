package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.state.SenderFlyweight;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventParserTest {
    private static final String REJECTED = "rejected";

    /** Writes down what a parser says, after checking that the slices are within the message. */
    private static final class Notes implements EventCollector, EventDetails, KeyBuilder {
        final List<String> lines = new ArrayList<>();
        private final SenderFlyweight sender = new SenderFlyweight();
        private final StringBuilder key = new StringBuilder();
        private final byte[] buffer;
        private final int start;
        private final int end;

        Notes(byte[] buffer, int start, int end) {
            this.buffer = buffer;
            this.start = start;
            this.end = end;
        }

        @Override
        public EventDetails event(int keyOffset, int keyLength, int payloadOffset, int payloadLength) {
            lines.add(slice(keyOffset, keyLength) + "|" + slice(payloadOffset, payloadLength));
            return this;
        }

        @Override
        public KeyBuilder key() {
            key.setLength(0);
            return this;
        }

        @Override
        public KeyBuilder append(byte next) {
            key.append((char) next);
            return this;
        }

        @Override
        public KeyBuilder append(byte[] source, int offset, int length) {
            key.append(new String(source, offset, length, StandardCharsets.ISO_8859_1));
            return this;
        }

        @Override
        public KeyBuilder append(Sender from) {
            key.append(from.toSocketAddress().getAddress().getHostAddress());
            return this;
        }

        @Override
        public int length() {
            return key.length();
        }

        @Override
        public EventDetails event(int payloadOffset, int payloadLength) {
            lines.add(key + "|" + slice(payloadOffset, payloadLength));
            return this;
        }

        @Override
        public Sender sender() {
            return sender;
        }

        @Override
        public long receiptNanos() {
            return 0;
        }

        @Override
        public EventDetails at(long timestampNanos) {
            throw new AssertionError("a time of its own");
        }

        @Override
        public EventDetails value(double value) {
            throw new AssertionError("a value");
        }

        @Override
        public EventDetails weight(double weight) {
            throw new AssertionError("a weight");
        }

        @Override
        public EventDetails item(int offset, int length) {
            throw new AssertionError("an item");
        }

        @Override
        public void reject() {
            lines.add(REJECTED);
        }

        @Override
        public void reject(RuntimeException cause) {
            lines.add(REJECTED + ": " + cause.getMessage());
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

    @Test
    void shouldGiveEachLineToTheOtherParser() {
        EventParser lines = EventParser.lines(EventParser.firstToken());
        assertThat(parse(lines, "a 1\nb 2\r\n\n\r\nc 3")).containsExactly("a|1", "b|2", "c|3");
        assertThat(parse(lines, "a 1\n")).containsExactly("a|1");
        assertThat(parse(lines, "a 1\r2\n")).containsExactly("a|1\r2");
        assertThat(parse(lines, "\n")).isEmpty();
        assertThat(parse(lines, "a 1\nbad\nc 3")).containsExactly("a|1", REJECTED, "c|3");
    }

    @Test
    void shouldRejectTheLineAloneWhenTheOtherParserThrows() {
        EventParser lines = EventParser.lines((buffer, offset, length, out) -> {
            if (buffer[offset] == '!') {
                throw new IllegalStateException("on purpose");
            }
            out.event(offset, 1, offset + 1, length - 1);
        });
        assertThat(parse(lines, "ab\n!\ncd")).containsExactly("a|b", REJECTED + ": on purpose", "c|d");
    }

    @Test
    void shouldTakeTheSendersAddressAsTheKey() {
        byte[] message = "all of it".getBytes(StandardCharsets.US_ASCII);
        Notes notes = new Notes(message, 0, message.length);
        EventParser.bySender().parse(message, 0, message.length, notes);
        notes.sender.wrap(0, 0xC000_0207L, 4 << 16 | 53);
        EventParser.bySender().parse(message, 0, message.length, notes);
        assertThat(notes.lines).containsExactly(REJECTED, "192.0.2.7|all of it");
    }
}
