package io.trafilo.testing;

import io.trafilo.EventCollector;
import io.trafilo.EventParser;
import java.nio.charset.StandardCharsets;

/** Takes {@code key payload}, and {@code key @1234 payload} for an event with the time 1234. */
public final class TimedParser implements EventParser {
    @Override
    public void parse(byte[] buffer, int offset, int length, EventCollector out) {
        String text = new String(buffer, offset, length, StandardCharsets.ISO_8859_1);
        int keyLength = text.indexOf(' ');
        if (keyLength <= 0) {
            out.reject();
            return;
        }
        int rest = keyLength + 1;
        if (rest == length || text.charAt(rest) != '@') {
            out.event(offset, keyLength, offset + rest, length - rest);
            return;
        }
        int timeEnd = text.indexOf(' ', rest);
        int payload = timeEnd < 0 ? length : timeEnd + 1;
        long timestampNanos = Long.parseLong(text.substring(rest + 1, timeEnd < 0 ? length : timeEnd));
        out.event(offset, keyLength, offset + payload, length - payload).at(timestampNanos);
    }
}
