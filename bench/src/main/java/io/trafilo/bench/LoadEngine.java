package io.trafilo.bench;

import java.util.Locale;

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
}
