package io.trafilo;

/**
 * Finds the events in a message. It describes the key and the payload of each event as slices of the message.
 *
 * <p>Threading: all workers call it concurrently, so it must be stateless or thread-safe.
 *
 * <p>Ownership: the buffer belongs to the worker, which overwrites it after the call. A parser must neither keep nor change
 * it.
 *
 * <p>Failure: a message without an event counts as {@code malformed}. If the parser throws, the message counts as
 * {@code parseFailed} and none of its events is handled.
 */
@FunctionalInterface
public interface EventParser {
    /**
     * Passes the events of one message to a collector.
     *
     * @param buffer the array that holds the message
     * @param offset where the message starts
     * @param length its length in bytes, at least 1
     * @param out collects the events
     */
    void parse(byte[] buffer, int offset, int length, EventCollector out);

    /**
     * Reads one event per message. The key ends before the first space; the payload is everything after it. A message that
     * has no space, or starts with one, is malformed.
     *
     * @return a stateless parser
     */
    static EventParser firstToken() {
        return delimited((byte) ' ');
    }

    /**
     * Reads one event per message. The key ends before the first delimiter; the payload is everything after it. A message
     * that has no delimiter, or starts with one, is malformed.
     *
     * @param delimiter the byte that ends the key
     * @return a stateless parser
     */
    static EventParser delimited(byte delimiter) {
        return (buffer, offset, length, out) -> {
            int end = offset + length;
            int at = offset;
            while (at < end && buffer[at] != delimiter) {
                at++;
            }
            if (at == offset || at == end) {
                out.reject();
            } else {
                out.event(offset, at - offset, at + 1, end - at - 1);
            }
        };
    }

    /**
     * Reads one event per message. The whole message is the key; the payload is empty.
     *
     * @return a stateless parser
     */
    static EventParser wholeMessage() {
        return (buffer, offset, length, out) -> out.event(offset, length, offset + length, 0);
    }
}
