package io.trafilo;

/**
 * Finds the events in a message: it names key and payload of each as slices of the message's own bytes.
 *
 * <p>Threading: called concurrently by all workers, so it must be stateless or thread-safe.
 *
 * <p>Ownership: the bytes belong to the worker and are overwritten after the call. A parser must neither keep nor change
 * them.
 *
 * <p>Failure: a message in which it finds no event counts as {@code malformed}; one at which it throws counts as
 * {@code parseFailed}, and none of the events it had named by then is handled.
 */
@FunctionalInterface
public interface EventParser {
    /**
     * Names the events of one message.
     *
     * @param buffer the array that holds the message
     * @param offset where the message starts
     * @param length its length in bytes, at least 1
     * @param out takes the events
     */
    void parse(byte[] buffer, int offset, int length, EventCollector out);

    /**
     * One event per message: the key is all before the first space, the payload all after it. A message without a space,
     * or one that starts with a space, is malformed.
     *
     * @return a stateless parser
     */
    static EventParser firstToken() {
        return delimited((byte) ' ');
    }

    /**
     * One event per message: the key is all before the first delimiter, the payload all after it. A message without a
     * delimiter, or one that starts with it, is malformed.
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
     * One event per message: the whole message is the key, the payload is empty.
     *
     * @return a stateless parser
     */
    static EventParser wholeMessage() {
        return (buffer, offset, length, out) -> out.event(offset, length, offset + length, 0);
    }
}
