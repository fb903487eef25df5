package io.trafilo.simulation;

import io.trafilo.EventParser;
import io.trafilo.testing.TimedParser;

/** What messages look like. In each of them, {@code !} makes the parser throw and {@code ?} makes it name a wrong slice. */
enum Dialect {
    FIRST_TOKEN,
    COLON,
    WHOLE,
    TIMED,
    PARTS;

    /** Whether several events, separated by {@code |}, make a message. */
    boolean hasParts() {
        return this == PARTS;
    }

    boolean hasTimes() {
        return this == TIMED || this == PARTS;
    }

    private EventParser partParser() {
        return switch (this) {
            case FIRST_TOKEN -> EventParser.firstToken();
            case COLON -> EventParser.delimited((byte) ':');
            case WHOLE -> EventParser.wholeMessage();
            case TIMED, PARTS -> new TimedParser();
        };
    }

    EventParser parser() {
        EventParser parser = partParser();
        return (buffer, offset, length, out) -> {
            int start = offset;
            for (int at = offset; at <= offset + length; at++) {
                if (at == offset + length || (hasParts() && buffer[at] == '|')) {
                    parser.parse(buffer, start, at - start, out);
                    start = at + 1;
                } else if (buffer[at] == '!') {
                    throw new OnPurpose("parser");
                } else if (buffer[at] == '?') {
                    out.event(offset, 1, offset, length + 1);
                }
            }
        };
    }
}
