package io.trafilo.simulation;

import io.trafilo.EventCollector;
import io.trafilo.EventDetails;
import io.trafilo.KeyBuilder;
import io.trafilo.Sender;

/** The value and the weight of an event, which follow from its payload. */
final class Payloads {
    private Payloads() {}

    /** NaN for none. */
    static double value(String payload) {
        return payload.length() % 5 == 0 ? Double.NaN : 7 * payload.charAt(payload.length() - 1) - 350;
    }

    static double weight(String payload) {
        return payload.length() % 4 == 0 ? 1 : 1 + payload.charAt(0) % 3 / 2.0;
    }

    /** Passes events on, with their values. */
    static EventCollector withValues(byte[] buffer, EventCollector out) {
        return new EventCollector() {
            @Override
            public EventDetails event(int keyOffset, int keyLength, int payloadOffset, int payloadLength) {
                EventDetails event = out.event(keyOffset, keyLength, payloadOffset, payloadLength);
                byte[] bytes = new byte[payloadLength];
                System.arraycopy(buffer, payloadOffset, bytes, 0, payloadLength);
                String payload = Message.textOf(bytes);
                if (!Double.isNaN(value(payload))) {
                    event.value(value(payload));
                }
                return event.weight(weight(payload));
            }

            @Override
            public KeyBuilder key() {
                return out.key();
            }

            @Override
            public Sender sender() {
                return out.sender();
            }

            @Override
            public long receiptNanos() {
                return out.receiptNanos();
            }

            @Override
            public void reject() {
                out.reject();
            }

            @Override
            public void reject(RuntimeException cause) {
                out.reject(cause);
            }
        };
    }
}
