package io.trafilo;

/**
 * Every counter of an engine, in the order in which a message passes them. The last two are gauges: they show what exists
 * now, not what has happened so far.
 */
public enum Counter {
    /** Datagrams read from a socket. */
    RECEIVED(0, "received", "datagrams read from a socket"),
    /** Datagrams put into the ring. */
    PUBLISHED(1, "published", "datagrams put into the ring"),
    /** Datagrams of 0 bytes. */
    EMPTY(2, "empty", "datagrams of 0 bytes"),
    /** Datagrams longer than the listener accepts. */
    OVERSIZED(3, "oversized", "datagrams longer than the listener accepts"),
    /** Datagrams rejected by the listener's allowlist. */
    FILTERED(4, "filtered", "datagrams rejected by the listener's allowlist"),
    /** Datagrams dropped under DROP_NEWEST because the ring was full. */
    SHED(5, "shed", "datagrams dropped under DROP_NEWEST because the ring was full"),
    /** Datagrams read but not published because of a close. */
    DISCARDED_AT_CLOSE(6, "discardedAtClose", "datagrams read but not published because of a close"),
    /** Datagrams dropped by the kernel before a listener could read them. */
    KERNEL_DROPPED(7, "kernelDropped", "datagrams dropped by the kernel before a listener could read them"),

    /** Messages accepted by offer. */
    OFFERED(8, "offered", "messages accepted by offer"),
    /** Calls of offer that returned false. */
    OFFER_REFUSED(9, "offerRefused", "calls of offer that returned false"),

    /** Messages with at least one event. */
    PARSED(10, "parsed", "messages with at least one event"),
    /** Messages on which the parser threw, or that could not be read. */
    PARSE_FAILED(11, "parseFailed", "messages on which the parser threw, or that could not be read"),
    /** Messages without an event. */
    MALFORMED(12, "malformed", "messages without an event"),
    /** Messages not handled because of the close deadline or an engine error. */
    ABANDONED(13, "abandoned", "messages not handled because of the close deadline or an engine error"),
    /** Malformed parts of messages. */
    REJECTED(14, "rejected", "malformed parts of messages"),

    /** Events of parsed messages. */
    EVENTS(15, "events", "events of parsed messages"),
    /** Events handled without an error. */
    HANDLED(16, "handled", "events handled without an error"),
    /** Events on which the handler threw or hung until the close deadline, or that were given up. */
    HANDLER_FAILED(
            17,
            "handlerFailed",
            "events on which the handler threw or hung until the close deadline, or that were given up"),
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
    /** Timestamps that aged out of their window. */
    EXPIRED(23, "expired", "timestamps that aged out of their window"),
    /** Timestamps removed early because maxRetainedEvents was reached. */
    TRUNCATED(24, "truncated", "timestamps removed early because maxRetainedEvents was reached"),
    /** Timestamps removed together with their key. */
    DISPOSED_WITH_KEY(25, "disposedWithKey", "timestamps removed together with their key"),

    /** Windows due for the sink. */
    EMISSIONS_DUE(26, "emissionsDue", "windows due for the sink"),
    /** Windows delivered without an error. */
    DELIVERED(27, "delivered", "windows delivered without an error"),
    /** Windows on which the sink threw or hung until the close deadline. */
    SINK_FAILED(28, "sinkFailed", "windows on which the sink threw or hung until the close deadline"),

    /** Keys created. */
    KEYS_CREATED(29, "keysCreated", "keys created"),
    /** Keys forgotten. */
    KEYS_DISPOSED(30, "keysDisposed", "keys forgotten"),
    /** Calls of the state factory that threw or returned null. */
    FACTORY_FAILED(31, "factoryFailed", "calls of the state factory that threw or returned null"),
    /** Calls of the state disposer that threw. */
    DISPOSER_FAILED(32, "disposerFailed", "calls of the state disposer that threw"),
    /** Calls of the error or stall listener that threw or could not be made. */
    ERROR_LISTENER_FAILED(
            33, "errorListenerFailed", "calls of the error or stall listener that threw or could not be made"),

    /** Steps of the wall clock that event times followed. */
    CLOCK_CORRECTIONS(36, "clockCorrections", "steps of the wall clock that event times followed"),

    /** Timestamps now in all windows. */
    LIVE_TIMESTAMPS(34, "liveTimestamps", "timestamps now in all windows"),
    /** Keys that now have a state. */
    LIVE_KEYS(35, "liveKeys", "keys that now have a state");

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

    /** {@return whether this counts what exists now, rather than what has happened so far} */
    public boolean isGauge() {
        return this == LIVE_TIMESTAMPS || this == LIVE_KEYS;
    }
}
