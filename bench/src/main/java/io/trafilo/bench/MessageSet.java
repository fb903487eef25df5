package io.trafilo.bench;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One message per key, all of one size: {@code svc<number>}, a space, and padding. They lie one after the other in direct
 * memory, made in advance so that sending copies and formats nothing.
 */
final class MessageSet {
    private static final byte PADDING = 'x';
    private static final long MAX_TOTAL_BYTES = 1 << 29;

    private final ByteBuffer bytes;
    private final int keyCount;
    private final int sizeBytes;

    MessageSet(int keyCount, int sizeBytes) {
        check(keyCount, sizeBytes);
        this.keyCount = keyCount;
        this.sizeBytes = sizeBytes;
        this.bytes = ByteBuffer.allocateDirect(keyCount * sizeBytes);
        for (int key = 0; key < keyCount; key++) {
            byte[] prefix = prefix(key);
            bytes.put(prefix);
            for (int i = prefix.length; i < sizeBytes; i++) {
                bytes.put(PADDING);
            }
        }
    }

    static void check(int keyCount, int sizeBytes) {
        int leastBytes = prefix(keyCount - 1).length;
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

    private static byte[] prefix(int key) {
        return ("svc" + key + " ").getBytes(StandardCharsets.US_ASCII);
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

    /** Where a key's payload begins. */
    static int payloadOffset(int key) {
        int offset = "svc0 ".length();
        for (int rest = key / 10; rest > 0; rest /= 10) {
            offset++;
        }
        return offset;
    }
}
