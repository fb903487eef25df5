package io.trafilo.bench.jmh;

import io.trafilo.EventDetails;
import io.trafilo.EventParser;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The parsers that ship. An operation is a message that one of them parses: its key is half to one and a half times as long as
 * {@code keyBytes}, so that the end of the search cannot be foreseen, and 32 bytes of payload follow. Left out: what the engine
 * does with what the parser names, which is to check the slices, keep them and hash the key.
 */
@State(Scope.Thread)
public class ParserBenchmark extends AverageNanos {
    private static final int MESSAGES = 1 << 12;
    private static final int PAYLOAD_BYTES = 32;

    /** The mean length of a key. */
    @Param({"8", "32", "128"})
    public int keyBytes = 8;

    private final EventParser firstToken = EventParser.firstToken();
    private final EventParser wholeMessage = EventParser.wholeMessage();
    private final int[] offsets = new int[MESSAGES + 1];
    private final Slices slices = new Slices();
    private byte[] buffer;
    private int message;

    /** Keeps the last event, as a collector does. */
    private static final class Slices extends KeylessCollector {
        int keyOffset;
        int keyLength;
        int payloadOffset;
        int payloadLength;
        int rejected;

        @Override
        public EventDetails event(int newKeyOffset, int newKeyLength, int newPayloadOffset, int newPayloadLength) {
            keyOffset = newKeyOffset;
            keyLength = newKeyLength;
            payloadOffset = newPayloadOffset;
            payloadLength = newPayloadLength;
            return this;
        }

        @Override
        public void reject() {
            rejected++;
        }

        int end() {
            return payloadOffset + payloadLength + keyOffset + keyLength + rejected;
        }
    }

    /** Writes the messages, one behind the other as in a worker's array, and sees that each is parsed. */
    @Setup
    public void setUp() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < MESSAGES; i++) {
            int key = random.nextInt(keyBytes / 2, keyBytes + keyBytes / 2 + 1);
            offsets[i + 1] = offsets[i] + key + 1 + PAYLOAD_BYTES;
        }
        buffer = new byte[offsets[MESSAGES]];
        Arrays.fill(buffer, (byte) 'x');
        for (int i = 0; i < MESSAGES; i++) {
            buffer[offsets[i + 1] - PAYLOAD_BYTES - 1] = ' ';
        }
        for (int i = 0; i < MESSAGES; i++) {
            firstToken();
            Expect.same("payload's length", slices.payloadLength, PAYLOAD_BYTES);
            Expect.same("payload's end", slices.payloadOffset + slices.payloadLength, offsets[message + 1]);
        }
    }

    /** The key ends at the first space. */
    @Benchmark
    public int firstToken() {
        return parse(firstToken);
    }

    /** All of the message is key. */
    @Benchmark
    public int wholeMessage() {
        return parse(wholeMessage);
    }

    private int parse(EventParser parser) {
        message = (message + 1) & (MESSAGES - 1);
        int offset = offsets[message];
        parser.parse(buffer, offset, offsets[message + 1] - offset, slices);
        return slices.end();
    }
}
