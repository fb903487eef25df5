package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * What becomes the key of a message that has tags: its name, and the tags that are named here. All other tags are dropped. Names, and the
 * values of chosen tags, are the sender's choice: {@code maxKeys} is the limit.
 *
 * <p>The key is {@code name,tag=value,tag=value}, with the tags in the order that is given here, whatever their order in the
 * message. A tag that the message lacks is left out; of a tag that it has twice, the first counts. One without a value is {@code ,tag}.
 * Immutable.
 */
public final class KeyOf {
    private static final KeyOf NAME = new KeyOf(List.of());

    private final List<String> tags;
    private final byte[][] names;

    private KeyOf(List<String> tags) {
        this.tags = tags;
        this.names = tags.stream().map(tag -> tag.getBytes(UTF_8)).toArray(byte[][]::new);
    }

    /**
     * The name alone: of a metric, a measurement or a path.
     *
     * @return this key
     */
    public static KeyOf name() {
        return NAME;
    }

    /**
     * Adds tags to the key.
     *
     * @param more the names of tags, none of them empty or there already
     * @return a new object
     * @throws IllegalArgumentException if a name is empty or repeated
     */
    public KeyOf and(String... more) {
        List<String> all = new ArrayList<>(tags);
        for (String tag : more) {
            if (requireNonNull(tag, "tag").isEmpty() || all.contains(tag)) {
                throw new IllegalArgumentException("tag: \"" + tag + "\" (expected: a name, and each one once)");
            }
            all.add(tag);
        }
        return new KeyOf(List.copyOf(all));
    }

    /** How many tags belong to the key. */
    int tagCount() {
        return names.length;
    }

    /** The UTF-8 bytes of the name of a tag, which the caller must not change. */
    byte[] tagName(int index) {
        return names[index];
    }

    @Override
    public String toString() {
        return tags.isEmpty() ? "name" : "name and " + String.join(", ", tags);
    }
}
