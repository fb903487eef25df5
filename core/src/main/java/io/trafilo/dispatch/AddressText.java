package io.trafilo.dispatch;

import io.trafilo.KeyBuilder;
import io.trafilo.Sender;

/** Writes IP addresses as text without garbage: IPv4 with dots, IPv6 as RFC 5952 has it. */
final class AddressText {
    private static final int V4_BYTES = 4;
    private static final int GROUPS = 8;
    private static final int HEX_DIGITS = 4;

    private AddressText() {}

    /** Appends the address of a sender; nothing if it is unknown. */
    static void append(Sender sender, KeyBuilder key) {
        if (sender.addressLength() == V4_BYTES) {
            appendV4(sender, key);
        } else if (sender.isKnown()) {
            appendV6(sender, key);
        }
    }

    private static void appendV4(Sender sender, KeyBuilder key) {
        for (int i = 0; i < V4_BYTES; i++) {
            if (i > 0) {
                key.append((byte) '.');
            }
            int number = sender.addressByte(i) & 0xFF;
            if (number >= 100) {
                appendDigit(number / 100, key);
            }
            if (number >= 10) {
                appendDigit(number / 10 % 10, key);
            }
            appendDigit(number % 10, key);
        }
    }

    private static void appendV6(Sender sender, KeyBuilder key) {
        int gap = longestZeros(sender);
        int gapEnd = gap < 0 ? -1 : endOfZeros(sender, gap);
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                key.append((byte) ':').append((byte) ':');
                i = gapEnd;
                if (i == GROUPS) {
                    return;
                }
            } else if (i > 0) {
                key.append((byte) ':');
            }
            appendHex(group(sender, i), key);
        }
    }

    /** Where the first longest run of two groups or more that are 0 starts, -1 if there is none. */
    private static int longestZeros(Sender sender) {
        int longest = -1;
        int length = 1;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = endOfZeros(sender, i) - i;
            if (zeros > length) {
                longest = i;
                length = zeros;
            }
        }
        return longest;
    }

    private static int endOfZeros(Sender sender, int from) {
        int end = from;
        while (end < GROUPS && group(sender, end) == 0) {
            end++;
        }
        return end;
    }

    private static int group(Sender sender, int index) {
        return ((sender.addressByte(2 * index) & 0xFF) << Byte.SIZE) | (sender.addressByte(2 * index + 1) & 0xFF);
    }

    private static void appendHex(int group, KeyBuilder key) {
        boolean begun = false;
        for (int i = HEX_DIGITS - 1; i >= 0; i--) {
            int digit = (group >>> (4 * i)) & 15;
            begun |= digit != 0 || i == 0;
            if (begun) {
                appendDigit(digit, key);
            }
        }
    }

    private static void appendDigit(int digit, KeyBuilder key) {
        key.append((byte) (digit < 10 ? '0' + digit : 'a' + digit - 10));
    }
}
