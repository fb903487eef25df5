package io.trafilo.bench.plain;

/** Hears of a key's window each slide interval. */
@FunctionalInterface
public interface PlainSink {
    /**
     * Called by a worker under the key's monitor.
     *
     * @param key the key
     * @param events how many events the key has had in all
     * @param count how many of them are in the window
     * @param oldestNanos the oldest timestamp in the window
     * @param newestNanos the newest timestamp in the window
     */
    void onWindow(String key, long events, int count, long oldestNanos, long newestNanos);
}
