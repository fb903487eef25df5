package io.trafilo.dispatch;

import io.trafilo.WaitMode;

/** The sizes of ring, workers and messages, all checked by the builder. */
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

    /** How many events a thread holds at the most: a group that is all but full, and one more message. */
    public int maxEventsAhead() {
        return RunHandler.GROUP_EVENTS - 1 + maxEventsPerMessage;
    }
}
