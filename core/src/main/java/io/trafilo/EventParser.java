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

    /**
     * Reads one event per message. The key is the address of the sender as text, without the port ({@code 192.0.2.7} or
     * {@code 2001:db8::7}); the payload is the whole message. A message whose sender is unknown is malformed. UDP does not prove
     * who sent a message, so anybody can make up such keys.
     *
     * @return a stateless parser
     */
    static EventParser bySender() {
        return (buffer, offset, length, out) -> {
            if (out.sender().isKnown()) {
                out.key().append(out.sender()).event(offset, length);
            } else {
                out.reject();
            }
        };
    }

    /**
     * Gives each line of a message to another parser. Lines end with LF or CR LF; the last one may lack it. Empty lines are
     * ignored. A line that the other parser cannot read costs that line alone: if it throws, that counts as rejected and is
     * reported, and the events it has added stay.
     *
     * @param parser reads one line, without its end
     * @return a parser that is as thread-safe as the other one
     */
    static EventParser lines(EventParser parser) {
        return new LineParser(parser);
    }
}
