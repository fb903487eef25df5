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
        WaitMode waitMode) {}
