package io.trafilo.ledger;

/** Every counter of the engine: its name in reports and what it counts. */
public enum Counter {
    RECEIVED("received", "datagrams read from a socket"),
    PUBLISHED("published", "datagrams put into the ring"),
    EMPTY("empty", "datagrams of 0 bytes"),
    OVERSIZED("oversized", "datagrams longer than the listener takes"),
    FILTERED("filtered", "datagrams that a filter of the listener refused"),
    SHED("shed", "datagrams dropped because the ring was full, policy DROP_NEWEST"),
    DISCARDED_AT_CLOSE("discardedAtClose", "datagrams read but not published because of a close"),
    KERNEL_DROPPED("kernelDropped", "datagrams the kernel dropped before a listener could read them"),

    EMITTED("emitted", "messages put into the ring by hand"),
    EMIT_REFUSED("emitRefused", "calls of emit that returned false"),

    PARSED("parsed", "messages with at least one event"),
    PARSE_FAILED("parseFailed", "messages at which the parser threw"),
    MALFORMED("malformed", "messages without an event"),
    ABANDONED("abandoned", "messages not handled by the deadline of the close"),
    REJECTED("rejected", "malformed parts of messages"),

    EVENTS("events", "events of parsed messages"),
    HANDLED("handled", "events that the handler took"),
    HANDLER_FAILED(
            "handlerFailed",
            "events at which the handler threw or did not return by the deadline of the close, or that were given up"),
    KEY_REFUSED("keyRefused", "events of a new key that could not be created"),
    LATE("late", "events older than the window"),
    SKEWED("skewed", "events with a time ahead of the clock"),
    STALLED("stalled", "events given up because their shard was held longer than stallTimeout"),

    TIMESTAMPS_ADDED("timestampsAdded", "timestamps added to a window"),
    EXPIRED("expired", "timestamps that left their window by age"),
    TRUNCATED("truncated", "timestamps that left early because maxRetainedEvents was reached"),
    DISPOSED_WITH_KEY("disposedWithKey", "timestamps that left together with their key"),

    EMISSIONS_DUE("emissionsDue", "windows due at the sink"),
    DELIVERED("delivered", "windows that the sink took"),
    SINK_FAILED("sinkFailed", "windows at which the sink threw, or did not return by the deadline of the close"),

    KEYS_CREATED("keysCreated", "keys created"),
    KEYS_DISPOSED("keysDisposed", "keys forgotten"),
    FACTORY_FAILED("factoryFailed", "calls of the state factory that threw or gave null"),
    DISPOSER_FAILED("disposerFailed", "calls of the state disposer that threw"),
    ERROR_LISTENER_FAILED("errorListenerFailed", "calls of the error listener or the stall listener that failed");

    public static final int COUNT = values().length;

    private final String label;
    private final String meaning;

    Counter(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    public String label() {
        return label;
    }

    public String meaning() {
        return meaning;
    }
}
