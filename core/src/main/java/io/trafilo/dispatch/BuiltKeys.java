package io.trafilo.dispatch;

import java.util.Arrays;

/** The bytes of keys that parsers put together, back to back. Belongs to one thread. */
final class BuiltKeys {
    /** What the keys of one message may take together, unless the longest key is longer. */
    private static final int MESSAGE_BYTES = 1 << 16;

    private static final int SMALLEST = 256;

    private final int maxKeyLength;
    private final int mostOfMessage;
    private byte[] bytes = {};
    private int messageStart;
    private int used;
    private int start;
    private int end;
    private boolean overlong;

    BuiltKeys(int maxKeyLength) {
        this.maxKeyLength = maxKeyLength;
        this.mostOfMessage = mostOfMessage(maxKeyLength);
    }

    private static int mostOfMessage(int maxKeyLength) {
        return Math.max(MESSAGE_BYTES, maxKeyLength);
    }

    /** The longest array: see {@link #hasRoom}. */
    static int mostBytes(int maxKeyLength) {
        return 2 * mostOfMessage(maxKeyLength);
    }

    void clear() {
        messageStart = 0;
        used = 0;
        start = 0;
        end = 0;
    }

    /** Whether another message finds the room that it may need. */
    boolean hasRoom() {
        return used <= mostOfMessage;
    }

    void beginMessage() {
        messageStart = used;
    }

    /** Begins a key behind those that are kept. */
    void begin() {
        start = used;
        end = used;
        overlong = false;
    }

    void append(byte next) {
        if (hasRoomFor(1)) {
            bytes[end++] = next;
        }
    }

    void append(byte[] source, int offset, int length) {
        if (hasRoomFor(length)) {
            System.arraycopy(source, offset, bytes, end, length);
            end += length;
        }
    }

    /** What exceeds the longest key, or what a message may take, is not kept. */
    private boolean hasRoomFor(int more) {
        int left = Math.min(maxKeyLength - (end - start), mostOfMessage - (end - messageStart));
        if (overlong || more > left) {
            overlong = true;
            return false;
        }
        if (end + more > bytes.length) {
            int doubled = Math.max(SMALLEST, 2 * bytes.length);
            bytes = Arrays.copyOf(bytes, Math.max(Math.min(doubled, mostBytes(maxKeyLength)), end + more));
        }
        return true;
    }

    /** The length of the key that was begun; more than the longest one if it has become too long, or found no room. */
    int length() {
        return overlong ? maxKeyLength + 1 : end - start;
    }

    int start() {
        return start;
    }

    /** Keeps the key that was begun, which may be kept again, and go on to become another one. */
    void keep() {
        used = end;
    }

    /** Growth replaces the array. */
    byte[] bytes() {
        return bytes;
    }
}
