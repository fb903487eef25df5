package io.trafilo;

import static java.util.Objects.requireNonNull;

/** Splits messages at line ends. See {@link EventParser#lines}. */
final class LineParser implements EventParser {
    private final EventParser parser;

    LineParser(EventParser parser) {
        this.parser = requireNonNull(parser, "parser");
    }

    @Override
    public void parse(byte[] buffer, int offset, int length, EventCollector out) {
        int end = offset + length;
        int start = offset;
        while (start < end) {
            int lineEnd = start;
            while (lineEnd < end && buffer[lineEnd] != '\n') {
                lineEnd++;
            }
            int stop = lineEnd > start && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
            if (stop > start) {
                parseLine(buffer, start, stop - start, out);
            }
            start = lineEnd + 1;
        }
    }

    private void parseLine(byte[] buffer, int offset, int length, EventCollector out) {
        try {
            parser.parse(buffer, offset, length, out);
        } catch (RuntimeException e) {
            out.reject(e);
        }
    }
}
