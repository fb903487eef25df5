package io.trafilo;

/**
 * Every counter of an engine, in the order of a message's way through it. The last two are gauges: what there is at this
 * moment, not what has happened so far.
 */
public enum Counter {
    /** Datagrams read from a socket. */
    RECEIVED(0, "received", "datagrams read from a socket"),
    /** Datagrams put into the ring. */
    PUBLISHED(1, "published", "datagrams put into the ring"),
    /** Datagrams of 0 bytes. */
    EMPTY(2, "empty", "datagrams of 0 bytes"),
    /** Datagrams longer than the listener takes. */
    OVERSIZED(3, "oversized", "datagrams longer than the listener takes"),
    /** Datagrams that the listener's allowlist refused. */
    FILTERED(4, "filtered", "datagrams that the listener's allowlist refused"),
    /** Datagrams dropped because the ring was full, with the policy DROP_NEWEST. */
    SHED(5, "shed", "datagrams dropped because the ring was full, with the policy DROP_NEWEST"),
    /** Datagrams read but not published because of a close. */
    DISCARDED_AT_CLOSE(6, "discardedAtClose", "datagrams read but not published because of a close"),
    /** Datagrams that the kernel dropped before a listener could read them. */
    KERNEL_DROPPED(7, "kernelDropped", "datagrams that the kernel dropped before a listener could read them"),

    /** Messages that offer took. */
    OFFERED(8, "offered", "messages that offer took"),
    /** Calls of offer that returned false. */
    OFFER_REFUSED(9, "offerRefused", "calls of offer that returned false"),

    /** Messages with at least one event. */
    PARSED(10, "parsed", "messages with at least one event"),
    /** Messages that the parser threw at, or that could not be read. */
    PARSE_FAILED(11, "parseFailed", "messages that the parser threw at, or that could not be read"),
    /** Messages without an event. */
    MALFORMED(12, "malformed", "messages without an event"),
    /** Messages not handled by the deadline of the close, or because of an error of the engine. */
    ABANDONED(
            13, "abandoned", "messages not handled by the deadline of the close, or because of an error of the engine"),
    /** Malformed parts of messages. */
    REJECTED(14, "rejected", "malformed parts of messages"),

    /** Events of parsed messages. */
    EVENTS(15, "events", "events of parsed messages"),
    /** Events that the handler took. */
    HANDLED(16, "handled", "events that the handler took"),
    /** Events that the handler threw at or did not return from by the deadline of the close, or that were given up. */
    HANDLER_FAILED(
            17,
            "handlerFailed",
            "events that the handler threw at or did not return from by the deadline of the close, or that were given up"),
    /** Events whose new key was not created. */
    KEY_REFUSED(18, "keyRefused", "events whose new key was not created"),
    /** Events older than the window. */
    LATE(19, "late", "events older than the window"),
    /** Events with a time ahead of the clock. */
    SKEWED(20, "skewed", "events with a time ahead of the clock"),
    /** Events given up because their shard was held for longer than stallTimeout; also in handlerFailed. */
    STALLED(
            21,
            "stalled",
            "events given up because their shard was held for longer than stallTimeout; also in handlerFailed"),

    /** Timestamps added to a window. */
    TIMESTAMPS_ADDED(22, "timestampsAdded", "timestamps added to a window"),
    /** Timestamps that left their window by age. */
    EXPIRED(23, "expired", "timestamps that left their window by age"),
    /** Timestamps that left early because maxRetainedEvents was reached. */
    TRUNCATED(24, "truncated", "timestamps that left early because maxRetainedEvents was reached"),
    /** Timestamps that left together with their key. */
    DISPOSED_WITH_KEY(25, "disposedWithKey", "timestamps that left together with their key"),

    /** Windows due at the sink. */
    EMISSIONS_DUE(26, "emissionsDue", "windows due at the sink"),
    /** Windows that the sink took. */
    DELIVERED(27, "delivered", "windows that the sink took"),
    /** Windows that the sink threw at, or did not return from by the deadline of the close. */
    SINK_FAILED(
            28, "sinkFailed", "windows that the sink threw at, or did not return from by the deadline of the close"),

    /** Keys created. */
    KEYS_CREATED(29, "keysCreated", "keys created"),
    /** Keys forgotten. */
    KEYS_DISPOSED(30, "keysDisposed", "keys forgotten"),
    /** Calls of the state factory that threw or returned null. */
    FACTORY_FAILED(31, "factoryFailed", "calls of the state factory that threw or returned null"),
    /** Calls of the state disposer that threw. */
    DISPOSER_FAILED(32, "disposerFailed", "calls of the state disposer that threw"),
    /** Calls of the error or stall listener that threw, or that could not be made. */
    ERROR_LISTENER_FAILED(
            33, "errorListenerFailed", "calls of the error or stall listener that threw, or that could not be made"),

    /** Timestamps in all windows at this moment. */
    LIVE_TIMESTAMPS(34, "liveTimestamps", "timestamps in all windows at this moment"),
    /** Keys that have a state at this moment. */
    LIVE_KEYS(35, "liveKeys", "keys that have a state at this moment");

    private final int id;
    private final String label;
    private final String meaning;

    Counter(int id, String label, String meaning) {
        this.id = id;
        this.label = label;
        this.meaning = meaning;
    }

    /** {@return a number that stays the same from version to version; ids start at 0 and have no gaps} */
    public int id() {
        return id;
    }

    /** {@return the name in reports, JSON and {@link Ledger#asMap}} */
    public String label() {
        return label;
    }

    /** {@return what is counted, in one line} */
    public String meaning() {
        return meaning;
    }

    /** {@return whether this tells what there is at this moment, rather than what has happened so far} */
    public boolean isGauge() {
        return this == LIVE_TIMESTAMPS || this == LIVE_KEYS;
    }
}
