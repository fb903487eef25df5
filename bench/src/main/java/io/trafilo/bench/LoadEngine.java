package io.trafilo.bench;

import java.util.Locale;
import java.util.Set;

/** What a load test can put under load. */
enum LoadEngine {
    /** The engine. */
    TRAFILO,
    /** The baseline written with the JDK alone. */
    PLAIN,
    /** Netty, counting and releasing what it reads. */
    BARE;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The settings that it does not have: given all the same, they change nothing. */
    Set<String> lacking() {
        return switch (this) {
            case TRAFILO -> Set.of();
            case PLAIN ->
                Set.of("shards", "policy", "transport", "threads", "gro", "listenerWarmup", "runToCompletion");
            case BARE ->
                Set.of(
                        "window",
                        "slide",
                        "workers",
                        "shards",
                        "ring",
                        "policy",
                        "transport",
                        "threads",
                        "listenerWarmup",
                        "runToCompletion");
        };
    }
}
