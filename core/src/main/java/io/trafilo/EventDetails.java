package io.trafilo;

/**
 * What a parser can say of an event besides its key and payload. Each call replaces the value. Valid until the next call of the
 * {@link EventCollector}. If the event was rejected, these calls have no effect.
 */
public interface EventDetails {
    /**
     * The time of the event. Without this call: the time of receipt of its message.
     *
     * @param timestampNanos nanoseconds since the epoch. If it seems to be in seconds, milliseconds or microseconds, the engine
     *     logs a warning, once
     * @return this
     */
    EventDetails at(long timestampNanos);

    /**
     * The number that the event carries. Without this call it carries none, which is not the same as 0. A value that is not
     * finite turns the event into a rejected one.
     *
     * @param value a finite number
     * @return this
     */
    EventDetails value(double value);

    /**
     * How many events this one stands for: 4 if the sender sends a quarter of them. Changes aggregates, and never the count of
     * events. Without this call 1. A weight that is not finite and greater than 0 turns the event into a rejected one.
     *
     * @param weight a finite number above 0
     * @return this
     */
    EventDetails weight(double weight);

    /**
     * What {@code distinct} tells apart: a slice of the message. Without this call: the payload.
     *
     * @param offset where it starts in the parser's {@code buffer}
     * @param length its length in bytes; may be 0
     * @return this
     * @throws IndexOutOfBoundsException if the slice is not within the message
     */
    EventDetails item(int offset, int length);
}
