package io.trafilo.formats;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * Turns local times into instants. Remembers the offset from the last change of the clocks to the next, so that times between the
 * two make no garbage. For one thread.
 */
final class LocalTimes {
    private @Nullable ZoneId zone;
    private long fromLocalSecond;
    private long toLocalSecond;
    private long offsetSeconds;

    /** A local time that the clocks skip is taken as if they had not yet changed, one that comes twice as the first of the two. */
    long epochSecond(ZoneId inZone, long localSecond) {
        if (!inZone.equals(zone) || localSecond < fromLocalSecond || localSecond >= toLocalSecond) {
            lookUp(inZone, localSecond);
        }
        return localSecond - offsetSeconds;
    }

    private void lookUp(ZoneId inZone, long localSecond) {
        ZoneRules rules = inZone.getRules();
        ZoneOffset offset = rules.getOffset(LocalDateTime.ofEpochSecond(localSecond, 0, ZoneOffset.UTC));
        var instant = Instant.ofEpochSecond(localSecond - offset.getTotalSeconds());
        ZoneOffsetTransition last = rules.previousTransition(instant.plusSeconds(1));
        ZoneOffsetTransition next = rules.nextTransition(instant);
        zone = inZone;
        offsetSeconds = offset.getTotalSeconds();
        if (!rules.getOffset(instant).equals(offset)) {
            fromLocalSecond = toLocalSecond; // a time that the clocks skip
            return;
        }
        // Without the local times that the changes skip or repeat: those are looked up each time.
        fromLocalSecond = last == null
                ? Long.MIN_VALUE
                : Math.max(local(last.getDateTimeBefore()), local(last.getDateTimeAfter()));
        toLocalSecond = next == null
                ? Long.MAX_VALUE
                : Math.min(local(next.getDateTimeBefore()), local(next.getDateTimeAfter()));
    }

    private static long local(LocalDateTime time) {
        return time.toEpochSecond(ZoneOffset.UTC);
    }
}
