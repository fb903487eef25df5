package io.trafilo.testing.broken;

import io.trafilo.testing.broken.state.BrokenState;
import java.util.Map;
import org.agrona.collections.Long2ObjectHashMap;

/** Vocabulary that uses a hidden package, and shows a library's type. */
public interface BrokenView {
    /** As a part of another type, where it is easily overlooked. */
    Map<String, Long2ObjectHashMap<String>[]> content();

    default Object state() {
        return new BrokenState();
    }
}
