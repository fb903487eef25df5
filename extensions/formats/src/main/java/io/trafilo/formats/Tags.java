package io.trafilo.formats;

import io.trafilo.EventCollector;
import io.trafilo.EventDetails;
import io.trafilo.KeyBuilder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The tags of one message: each a slice of it, with a name and maybe a value. Belongs to a view. */
final class Tags {
    private static final int FIELDS = 3;

    private final Slice whole = new Slice();
    private final Slice name = new Slice();
    private final Slice value = new Slice();
    private byte[] buffer = {};

    /** Start, end of the name, and end of each tag. */
    private int[] bounds = new int[8 * FIELDS];

    private int count;

    void clear(byte[] newBuffer) {
        buffer = newBuffer;
        count = 0;
    }

    /** Adds a tag whose name ends at {@code nameEnd}: at its end, or where the byte is that the value follows. */
    void add(int start, int nameEnd, int end) {
        if (bounds.length == count * FIELDS) {
            bounds = Arrays.copyOf(bounds, 2 * bounds.length);
        }
        int at = count++ * FIELDS;
        bounds[at] = start;
        bounds[at + 1] = nameEnd;
        bounds[at + 2] = end;
    }

    int count() {
        return count;
    }

    Slice whole(int index) {
        return slice(whole, index, start(index), end(index));
    }

    Slice name(int index) {
        return slice(name, index, start(index), nameEnd(index));
    }

    Slice value(int index) {
        return slice(value, index, valueStart(index), end(index));
    }

    private Slice slice(Slice slice, int index, int start, int end) {
        Objects.checkIndex(index, count);
        slice.set(buffer, start, end);
        return slice;
    }

    private int start(int index) {
        return bounds[index * FIELDS];
    }

    private int nameEnd(int index) {
        return bounds[index * FIELDS + 1];
    }

    private int end(int index) {
        return bounds[index * FIELDS + 2];
    }

    private int valueStart(int index) {
        return Math.min(nameEnd(index) + 1, end(index));
    }

    /** The first tag of this name; -1 if there is none. */
    private int find(byte[] wanted) {
        for (int i = 0; i < count; i++) {
            if (Arrays.equals(buffer, start(i), nameEnd(i), wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }

    /** Adds an event whose key is a name and those of these tags that belong to it: the plain slice if there are none. */
    EventDetails event(EventCollector out, Slice named, KeyOf keyOf, int payloadOffset, int payloadLength) {
        KeyBuilder key = key(out, named, keyOf);
        return key == null
                ? out.event(named.offset(), named.length(), payloadOffset, payloadLength)
                : key.event(payloadOffset, payloadLength);
    }

    /** Puts together a name and those of these tags that belong to the key; null if there are none. */
    @Nullable
    KeyBuilder key(EventCollector out, Slice named, KeyOf keyOf) {
        KeyBuilder key = null;
        for (int i = 0; i < keyOf.tagCount(); i++) {
            int tag = find(keyOf.tagName(i));
            if (tag >= 0) {
                key = key == null ? out.key().append(buffer, named.offset(), named.length()) : key;
                append(key, tag);
            }
        }
        return key;
    }

    private void append(KeyBuilder key, int tag) {
        key.append((byte) ',').append(buffer, start(tag), nameEnd(tag) - start(tag));
        if (nameEnd(tag) < end(tag)) {
            int from = valueStart(tag);
            key.append((byte) '=').append(buffer, from, end(tag) - from);
        }
    }
}
