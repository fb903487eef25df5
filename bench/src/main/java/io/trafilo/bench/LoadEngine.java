package io.trafilo.bench;

import com.google.gson.annotations.SerializedName;
import java.util.Locale;

/** What a load test can put under load. */
enum LoadEngine {
    /** The engine. */
    @SerializedName("trafilo")
    TRAFILO,
    /** The baseline written with the JDK alone. */
    @SerializedName("plain")
    PLAIN,
    /** Netty, counting and releasing what it reads. */
    @SerializedName("bare")
    BARE;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
