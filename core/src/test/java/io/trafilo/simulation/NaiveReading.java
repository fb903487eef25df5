package io.trafilo.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a message says, found out with strings. */
final class NaiveReading {
    /** An event as its message has it. */
    record Event(String key, String payload, long timeNanos) {}

    final List<Event> events = new ArrayList<>();
    int rejected;
    boolean failed;

    private final Plan plan;
    private final long receiptNanos;

    NaiveReading(Plan plan, Message message) {
        this.plan = plan;
        this.receiptNanos = message.receiptNanos();
        String text = message.text();
        failed = text.contains("!") || text.contains("?");
        String[] parts = plan.dialect().hasParts() ? text.split("\\|", -1) : new String[] {text};
        for (String part : parts) {
            if (!failed) {
                readPart(part);
            }
        }
    }

    private void readPart(String part) {
        switch (plan.dialect()) {
            case WHOLE -> add(part, "", null);
            case COLON -> readTwo(part, ":", false);
            case FIRST_TOKEN -> readTwo(part, " ", false);
            case TIMED, PARTS -> readTwo(part, " ", true);
        }
    }

    private void readTwo(String part, String delimiter, boolean timed) {
        String[] two = part.split(delimiter, 2);
        if (two.length < 2 || two[0].isEmpty()) {
            rejected++;
        } else if (timed && two[1].startsWith("@")) {
            String[] rest = two[1].substring(1).split(" ", 2);
            try {
                add(two[0], rest.length < 2 ? "" : rest[1], Long.valueOf(rest[0]));
            } catch (NumberFormatException e) {
                failed = true;
            }
        } else {
            add(two[0], two[1], null);
        }
    }

    private void add(String key, String payload, @Nullable Long timeNanos) {
        int maxKeyLength = plan.dispatch().maxKeyLength();
        if (key.isEmpty()
                || key.length() > maxKeyLength
                || events.size() == plan.dispatch().maxEventsPerMessage()) {
            rejected++;
        } else {
            events.add(new Event(key, payload, timeNanos == null ? receiptNanos : timeNanos));
        }
    }
}
