package io.trafilo.simulation;

import java.nio.charset.StandardCharsets;

/** A message that the engine has taken: its bytes, one a character, and when it came. */
record Message(String text, long receiptNanos, boolean readable) {
    static Message of(byte[] bytes, long receiptNanos, boolean readable) {
        return new Message(textOf(bytes), receiptNanos, readable);
    }

    static String textOf(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
