package io.trafilo.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;

/** What a format finds in a message, as JSON. For one thread. */
interface MessageJson {
    /** Reads a message. */
    JsonElement read(byte[] message);

    /** Reads one line of a message. */
    interface LineReader {
        void read(byte[] message, int offset, int length);
    }

    /** Passes the lines of a message to a reader, as {@link io.trafilo.EventParser#lines} does: no line ends, no empty lines. */
    static void forEachLine(byte[] message, LineReader reader) {
        int start = 0;
        while (start < message.length) {
            int lineEnd = start;
            while (lineEnd < message.length && message[lineEnd] != '\n') {
                lineEnd++;
            }
            int stop = lineEnd > start && message[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
            if (stop > start) {
                reader.read(message, start, stop - start);
            }
            start = lineEnd + 1;
        }
    }

    /** A finite number, without a point if it is whole. */
    static JsonPrimitive number(double value) {
        long whole = (long) value;
        boolean exact = whole == value && Math.abs(whole) <= 1L << 53 && Double.compare(value, -0.0) != 0;
        return exact ? new JsonPrimitive(whole) : new JsonPrimitive(value);
    }
}
