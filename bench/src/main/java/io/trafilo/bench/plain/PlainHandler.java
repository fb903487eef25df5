package io.trafilo.bench.plain;

/** Sees each event before it is counted. */
@FunctionalInterface
public interface PlainHandler {
    /**
     * Called by a worker under the key's monitor.
     *
     * @param message the whole message
     * @param payloadOffset where its payload begins
     * @param receiptNanos when it was received
     */
    void onEvent(byte[] message, int payloadOffset, long receiptNanos);
}
