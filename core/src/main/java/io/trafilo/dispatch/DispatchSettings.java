package io.trafilo.dispatch;

import io.trafilo.WaitMode;

/** The sizes of ring, workers and messages. The builder has checked them all. */
public record DispatchSettings(
        int workers,
        int ringCapacity,
        int maxClaim,
        int maxMessageLength,
        int maxKeyLength,
        int maxEventsPerMessage,
        WaitMode waitMode) {

    /** The longest array that a slot of the ring keeps. */
    public int longestSlot() {
        return MessageSlot.arrayLength(maxMessageLength);
    }

    /** The most events that a thread holds: an almost full group and one more message. */
    public int maxEventsAhead() {
        return RunHandler.GROUP_EVENTS - 1 + maxEventsPerMessage;
    }

    /** The longest array of keys that parsers put together. */
    public int longestBuiltKeys() {
        return BuiltKeys.mostBytes(maxKeyLength);
    }
}
