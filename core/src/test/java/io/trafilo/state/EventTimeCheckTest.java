package io.trafilo.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeCheckTest {
    private static final long NOW_NANOS = 1_764_500_000_000_000_000L;

    private final List<String> warnings = new ArrayList<>();
    private final EventTimeCheck check = new EventTimeCheck();

    EventTimeCheckTest() {
        check.warn(warnings::add);
    }

    @ParameterizedTest
    @EnumSource(names = {"SECONDS", "MILLISECONDS", "MICROSECONDS"})
    void shouldNameTheUnitWhenATimeOfTheLastYearsIsInAnother(TimeUnit unit) {
        long eightYearsAgoNanos = NOW_NANOS - TimeUnit.DAYS.toNanos(8 * 365);
        check.look(unit.convert(eightYearsAgoNanos, TimeUnit.NANOSECONDS), NOW_NANOS);
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains(" as " + unit.name().toLowerCase(Locale.ROOT));
    }

    @Test
    void shouldSayBothReadingsOfTheTime() {
        check.look(1_764_500_000_000L, NOW_NANOS);
        assertThat(warnings)
                .containsExactly("event time 1764500000000 is 1970-01-01T00:29:24.500Z as nanoseconds, and would be "
                        + Instant.ofEpochMilli(1_764_500_000_000L)
                        + " as milliseconds: EventDetails.at takes nanoseconds since the epoch");
    }

    @Test
    void shouldSayItOnce() {
        for (int i = 0; i < 10; i++) {
            check.look(1_764_500_000_000L + i, NOW_NANOS);
        }
        assertThat(warnings).hasSize(1);
    }

    @Test
    void shouldBeSilentWhenTheTimesAreThoseOfASimulationThatStartsAtZero() {
        for (long second = 0;
                second < 3_600;
                second++) { // passes through what would be years in seconds and milliseconds
            check.look(TimeUnit.SECONDS.toNanos(second), NOW_NANOS);
        }
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3_600_000_000_000L, Long.MIN_VALUE, 999_999_999_999_999_999L})
    void shouldBeSilentWhenTheEnginesClockIsNotNearThePresent(long nowNanos) {
        check.look(1_764_500_000_000L, nowNanos);
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, 946_684_800_000L, 946_684_800_000_000_000L, Long.MAX_VALUE})
    void shouldBeSilentWhenNoUnitExplainsATime(long timeNanos) {
        check.look(timeNanos, NOW_NANOS);
        assertThat(warnings).isEmpty();
    }

    @Test
    void shouldBeSilentWhenALateTimeIsInNanoseconds() {
        check.look(NOW_NANOS - TimeUnit.DAYS.toNanos(365), NOW_NANOS);
        assertThat(warnings).isEmpty();
    }
}
