package io.trafilo.bench;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One message per key, all of one size. They lie one after the other in direct memory, made in advance so that sending copies and
 * formats nothing.
 */
final class MessageSet {
    private static final byte PADDING = 'x';
    private static final long MAX_TOTAL_BYTES = 1 << 29;

    /** What a message looks like: its beginning, the number of its key, padding up to the size, and its end. */
    enum Form {
        /** {@code svc123 xxx}: the key, and a payload. */
        TOKEN(" ", ""),
        /** {@code svc123.hitsxxx:1|c}: a counter of StatsD. */
        STATSD(".hits", ":1|c");

        private final String behindNumber;
        private final String end;

        Form(String behindNumber, String end) {
            this.behindNumber = behindNumber;
            this.end = end;
        }

        private byte[] beginning(int key) {
            return ("svc" + key + behindNumber).getBytes(StandardCharsets.US_ASCII);
        }

        private byte[] end() {
            return end.getBytes(StandardCharsets.US_ASCII);
        }

        /** The size that fits the longest of so many keys, without padding. */
        int leastBytes(int keyCount) {
            return beginning(keyCount - 1).length + end.length();
        }
    }

    private final ByteBuffer bytes;
    private final int keyCount;
    private final int sizeBytes;

    MessageSet(Form form, int keyCount, int sizeBytes) {
        check(form, keyCount, sizeBytes);
        this.keyCount = keyCount;
        this.sizeBytes = sizeBytes;
        this.bytes = ByteBuffer.allocateDirect(keyCount * sizeBytes);
        byte[] end = form.end();
        for (int key = 0; key < keyCount; key++) {
            byte[] beginning = form.beginning(key);
            bytes.put(beginning);
            for (int i = beginning.length; i < sizeBytes - end.length; i++) {
                bytes.put(PADDING);
            }
            bytes.put(end);
        }
    }

    static void check(Form form, int keyCount, int sizeBytes) {
        int leastBytes = form.leastBytes(keyCount);
        if (sizeBytes < leastBytes) {
            throw SettingException.of(
                    "--size",
                    sizeBytes + " bytes",
                    "at least " + leastBytes + ", for the longest of " + keyCount + " keys");
        }
        if ((long) keyCount * sizeBytes > MAX_TOTAL_BYTES) {
            throw SettingException.of(
                    "--keys * --size", (long) keyCount * sizeBytes + " bytes", "at most " + MAX_TOTAL_BYTES);
        }
    }

    int keyCount() {
        return keyCount;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    /** Writes one key's message. */
    void write(int key, ByteBuf to) {
        to.writeBytes(bytes.slice(key * sizeBytes, sizeBytes));
    }

    /** Where a key's payload begins, in the form {@link Form#TOKEN}. */
    static int payloadOffset(int key) {
        int offset = "svc0 ".length();
        for (int rest = key / 10; rest > 0; rest /= 10) {
            offset++;
        }
        return offset;
    }
}
