package io.trafilo.simulation;

import io.trafilo.dispatch.DispatchSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The ring as a queue of what was put in and not taken yet. */
final class NaiveRing {
    /** A slot that was claimed and says nothing; no message is empty. */
    private static final Message NOTHING = new Message("", 0, true);

    private final ArrayDeque<Message> slots = new ArrayDeque<>();
    private final DispatchSettings settings;

    NaiveRing(DispatchSettings settings) {
        this.settings = settings;
    }

    int room() {
        return settings.ringCapacity() - slots.size();
    }

    boolean isEmpty() {
        return slots.isEmpty();
    }

    void put(Message message) {
        slots.add(message);
    }

    void putNothing(int count) {
        for (int i = 0; i < count; i++) {
            slots.add(NOTHING);
        }
    }

    /** Takes a run of so many slots, or says that no claim can have been as large. */
    List<Message> take(long count) {
        int backlog = Math.min(slots.size(), settings.workers() * settings.maxClaim());
        int alone = Math.min(backlog, settings.maxClaim());
        int shared = Math.min((backlog + settings.workers() - 1) / settings.workers(), settings.maxClaim());
        if (count != alone && count != shared) {
            throw new AssertionError(
                    "run: " + count + " of " + slots.size() + " (expected: " + shared + " or " + alone + ")");
        }
        return remove(count);
    }

    /** Takes all that is left. */
    List<Message> takeAll() {
        return remove(slots.size());
    }

    private List<Message> remove(long count) {
        List<Message> run = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            Message message = slots.remove();
            if (!message.equals(NOTHING)) {
                run.add(message);
            }
        }
        return run;
    }
}
