package io.trafilo.dispatch;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.trafilo.EventParser;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bundled parsers on any bytes, in front of the batch that checks what they name. */
class ParserFuzzTest {
    private static final long RECEIPT_NANOS = 42;

    @FuzzTest(maxDuration = "1h", maxExecutions = 1_000_000)
    void shouldNameWhatIsBeforeAndBehindTheDelimiter(FuzzedDataProvider data) {
        byte delimiter = data.consumeBoolean() ? (byte) ' ' : data.consumeByte();
        int offset = data.consumeInt(0, 5);
        int maxKeyLength = data.consumeInt(1, 40);
        byte[] message = data.consumeRemainingAsBytes();
        if (message.length == 0) {
            return; // never handed to a parser
        }
        EventParser parser = delimiter == ' ' ? EventParser.firstToken() : EventParser.delimited(delimiter);
        EventBatch batch = parse(parser, message, offset, maxKeyLength);
        String text = new String(message, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(delimiter & 0xFF);
        boolean event = at > 0 && at <= maxKeyLength;
        requireEqual("events", batch.count(), event ? 1 : 0);
        requireEqual("rejected", batch.rejected(), event ? 0 : 1);
        if (event) {
            requireSlices(batch, offset, at, offset + at + 1, message.length - at - 1);
        }
    }

    @FuzzTest(maxDuration = "1h", maxExecutions = 1_000_000)
    void shouldTakeTheWholeMessageForTheKey(FuzzedDataProvider data) {
        int offset = data.consumeInt(0, 5);
        int maxKeyLength = data.consumeInt(1, 40);
        byte[] message = data.consumeRemainingAsBytes();
        if (message.length == 0) {
            return;
        }
        EventBatch batch = parse(EventParser.wholeMessage(), message, offset, maxKeyLength);
        boolean event = message.length <= maxKeyLength;
        requireEqual("events", batch.count(), event ? 1 : 0);
        requireEqual("rejected", batch.rejected(), event ? 0 : 1);
        if (event) {
            requireSlices(batch, offset, message.length, offset + message.length, 0);
        }
    }

    private static EventBatch parse(EventParser parser, byte[] message, int offset, int maxKeyLength) {
        byte[] buffer = new byte[offset + message.length + 3];
        Arrays.fill(buffer, (byte) ' '); // so that a look beyond the message finds something
        System.arraycopy(message, 0, buffer, offset, message.length);
        byte[] before = buffer.clone();
        EventBatch batch = new EventBatch(maxKeyLength, 4, cause -> {});
        batch.beginMessage(0, offset, message.length, RECEIPT_NANOS);
        parser.parse(buffer, offset, message.length, batch);
        if (!Arrays.equals(buffer, before)) {
            throw new AssertionError("the parser has changed the message");
        }
        return batch;
    }

    private static void requireSlices(
            EventBatch batch, int keyOffset, int keyLength, int payloadOffset, int payloadLength) {
        requireEqual("key offset", batch.keyOffset(0), keyOffset);
        requireEqual("key length", batch.keyLength(0), keyLength);
        requireEqual("payload offset", batch.payloadOffset(0), payloadOffset);
        requireEqual("payload length", batch.payloadLength(0), payloadLength);
        requireEqual("timestamp", batch.timestampNanos(0), RECEIPT_NANOS);
    }

    private static void requireEqual(String what, long actual, long expected) {
        if (actual != expected) {
            throw new AssertionError(what + ": " + actual + " (expected: " + expected + ")");
        }
    }
}
