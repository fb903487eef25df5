package io.trafilo.formats;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;

/** The time in a syslog message: reads RFC 3339 and the form of RFC 3164, as fields. */
final class SyslogTime {
    private static final byte[] MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec".getBytes(StandardCharsets.US_ASCII);
    private static final int[] DAYS = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    private static final int UNKNOWN_YEAR = -1;
    private static final int NO_OFFSET = Integer.MIN_VALUE;
    private static final int MAX_FRACTION_DIGITS = 6;
    private static final int NANOS_DIGITS = 9;

    /** A leap day of the calendar is at most this many years away. */
    private static final int YEARS_TO_LEAP_DAY = 8;

    private final LocalTimes localTimes = new LocalTimes();
    private int year;
    private int month;
    private int day;
    private int hour;
    private int minute;
    private int second;
    private int nanos;
    private int offsetSeconds;

    /**
     * Reads {@code 2024-05-06T07:08:09.123456+02:00}. Lenient also: a space or {@code t} for the {@code T}, {@code z}, any number of
     * digits of a second, a leap second, an offset without a colon, and none, which is local time.
     *
     * @return where the time ends; -1 if there is none
     */
    int readIso(byte[] buffer, int start, int end, boolean lenient) {
        if (end - start < 19 || buffer[start + 4] != '-' || buffer[start + 7] != '-') {
            return -1;
        }
        byte separator = buffer[start + 10];
        if (separator != 'T' && !(lenient && (separator == 't' || separator == ' '))) {
            return -1;
        }
        year = number(buffer, start, 4);
        month = number(buffer, start + 5, 2);
        day = number(buffer, start + 8, 2);
        if (year < 0 || !isDate()) {
            return -1;
        }
        int at = readClock(buffer, start + 11, end, lenient);
        at = at < 0 ? -1 : readFraction(buffer, at, end, lenient ? Integer.MAX_VALUE : MAX_FRACTION_DIGITS);
        return at < 0 ? -1 : readOffset(buffer, at, end, lenient);
    }

    private int readOffset(byte[] buffer, int at, int end, boolean lenient) {
        byte sign = at < end ? buffer[at] : 0;
        if (sign == 'Z' || (lenient && sign == 'z')) {
            offsetSeconds = 0;
            return at + 1;
        }
        if (sign != '+' && sign != '-') {
            offsetSeconds = NO_OFFSET;
            return lenient ? at : -1;
        }
        int colon = at + 3 < end && buffer[at + 3] == ':' ? 1 : 0;
        int stop = at + 5 + colon;
        if (stop > end || (colon == 0 && !lenient)) {
            return -1;
        }
        int hours = number(buffer, at + 1, 2);
        int minutes = number(buffer, at + 3 + colon, 2);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
            return -1;
        }
        offsetSeconds = (hours * 60 + minutes) * (sign == '-' ? -60 : 60);
        return stop;
    }

    /**
     * Reads {@code Oct  9 22:14:15}, as devices write it: one or two spaces before the day, or a zero; a year behind it, or in front
     * of the month if so is said; a fraction of a second.
     *
     * @return where the time ends; -1 if there is none
     */
    int readBsd(byte[] buffer, int start, int end, boolean yearFirst) {
        int at = start;
        year = UNKNOWN_YEAR;
        offsetSeconds = NO_OFFSET;
        if (yearFirst) {
            year = end - at < 5 || buffer[at + 4] != ' ' ? -1 : number(buffer, at, 4);
            at += 5;
            if (year < 0) {
                return -1;
            }
        }
        month = month(buffer, at, end);
        at = day(buffer, at + 3, end);
        if (month == 0 || at < 0) {
            return -1;
        }
        if (!yearFirst && end - at > 5 && buffer[at + 4] == ' ' && number(buffer, at, 4) >= 0) {
            year = number(buffer, at, 4);
            at += 5;
        }
        if (!isDate()) {
            return -1;
        }
        at = readClock(buffer, at, end, false);
        return at < 0 ? -1 : readFraction(buffer, at, end, Integer.MAX_VALUE);
    }

    /** From 1 on; 0 if there is none. */
    private static int month(byte[] buffer, int at, int end) {
        for (int i = 0; end - at > 3 && i < MONTHS.length; i += 3) {
            if (buffer[at] == MONTHS[i] && buffer[at + 1] == MONTHS[i + 1] && buffer[at + 2] == MONTHS[i + 2]) {
                return i / 3 + 1;
            }
        }
        return 0;
    }

    /** Reads the day and the spaces around it. */
    private int day(byte[] buffer, int start, int end) {
        int at = start;
        while (at < end && at < start + 2 && buffer[at] == ' ') {
            at++;
        }
        int digits = at + 1 < end && isDigit(buffer[at + 1]) ? 2 : 1;
        if (at == start || end - at <= digits || buffer[at + digits] != ' ') {
            return -1;
        }
        day = number(buffer, at, digits);
        return at + digits + 1;
    }

    private boolean isDate() {
        boolean leap = year == UNKNOWN_YEAR || isLeap(year);
        return month >= 1 && month <= 12 && day >= 1 && day <= DAYS[month - 1] - (month == 2 && !leap ? 1 : 0);
    }

    private int readClock(byte[] buffer, int at, int end, boolean leapSeconds) {
        if (end - at < 8 || buffer[at + 2] != ':' || buffer[at + 5] != ':') {
            return -1;
        }
        hour = number(buffer, at, 2);
        minute = number(buffer, at + 3, 2);
        second = number(buffer, at + 6, 2);
        boolean valid = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0;
        return valid && second <= (leapSeconds ? 60 : 59) ? at + 8 : -1;
    }

    private int readFraction(byte[] buffer, int start, int end, int maxDigits) {
        nanos = 0;
        if (start == end || buffer[start] != '.') {
            return start;
        }
        int at = start + 1;
        while (at < end && isDigit(buffer[at])) {
            if (at - start <= NANOS_DIGITS) {
                nanos = 10 * nanos + buffer[at] - '0';
            }
            at++;
        }
        int digits = at - start - 1;
        for (int i = digits; i < NANOS_DIGITS; i++) {
            nanos *= 10;
        }
        return digits == 0 || digits > maxDigits ? -1 : at;
    }

    /** A number of exactly so many digits; -1 if it is not that. */
    private static int number(byte[] buffer, int at, int digits) {
        int value = 0;
        for (int i = at; i < at + digits; i++) {
            if (!isDigit(buffer[i])) {
                return -1;
            }
            value = 10 * value + buffer[i] - '0';
        }
        return value;
    }

    static boolean isDigit(byte value) {
        return value >= '0' && value <= '9';
    }

    /** The instant, in the zone if the time has no offset, in the year nearest to another instant if it has no year. */
    long toNanos(ZoneId zone, long nearNanos) {
        long epochSecond;
        if (year == UNKNOWN_YEAR) {
            epochSecond = localTimes.epochSecond(zone, nearestLocalSecond(Math.floorDiv(nearNanos, 1_000_000_000L)));
        } else if (offsetSeconds == NO_OFFSET) {
            epochSecond = localTimes.epochSecond(zone, localSecond(year));
        } else {
            epochSecond = localSecond(year) - offsetSeconds;
        }
        return saturatedNanos(epochSecond, nanos);
    }

    private static long saturatedNanos(long epochSecond, int nanos) {
        long limit = Long.MAX_VALUE / 1_000_000_000L;
        if (epochSecond >= limit) {
            return Long.MAX_VALUE;
        }
        return epochSecond < -limit ? Long.MIN_VALUE : epochSecond * 1_000_000_000L + nanos;
    }

    private long nearestLocalSecond(long nearSecond) {
        int around = (int) Math.floorDiv(nearSecond, 31_556_952L) + 1970; // a year of the calendar on average
        int reach = month == 2 && day == 29 ? YEARS_TO_LEAP_DAY : 1;
        long nearest = Long.MAX_VALUE;
        long distance = Long.MAX_VALUE;
        for (int candidate = around - reach; candidate <= around + reach; candidate++) {
            long local = localSecond(candidate);
            boolean exists = reach == 1 || isLeap(candidate);
            if (exists && Math.abs(local - nearSecond) < distance) {
                distance = Math.abs(local - nearSecond);
                nearest = local;
            }
        }
        return nearest;
    }

    private static boolean isLeap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    private long localSecond(int ofYear) {
        return ((epochDay(ofYear) * 24L + hour) * 60 + minute) * 60 + second;
    }

    /** Days since 1970-01-01, with years that begin in March so that the leap day is the last. */
    private long epochDay(int ofYear) {
        long y = month <= 2 ? ofYear - 1L : ofYear;
        long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return 365 * y + Math.floorDiv(y, 4L) - Math.floorDiv(y, 100L) + Math.floorDiv(y, 400L) + dayOfYear - 719_468;
    }
}
