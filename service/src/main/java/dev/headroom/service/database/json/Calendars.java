package dev.headroom.service.database.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Dates and times as PostgreSQL counts them, days and microseconds from 2000-01-01, in its own ISO-8601. */
final class Calendars {

    private static final byte[] INFINITY = "\"infinity\"".getBytes(US_ASCII);
    private static final byte[] MINUS_INFINITY = "\"-infinity\"".getBytes(US_ASCII);
    private static final byte[] BC = " BC".getBytes(US_ASCII);
    private static final byte[] UTC = "+00:00".getBytes(US_ASCII);
    private static final long DAY = 86_400_000_000L;

    /** Days from 0000-03-01, where a year of 400 begins whose leap day comes last, to 2000-01-01. */
    private static final long DAYS_TO_2000 = 730_425;

    private static final long DAYS_OF_400_YEARS = 146_097;

    private Calendars() {}

    static void putDate(int days, JsonBuffer out) {
        if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
            out.put(days > 0 ? INFINITY : MINUS_INFINITY);
            return;
        }
        out.put('"');
        boolean beforeChrist = putDay(days, out);
        end(beforeChrist, out);
    }

    static void putTimestamp(long micros, boolean zoned, JsonBuffer out) {
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            out.put(micros > 0 ? INFINITY : MINUS_INFINITY);
            return;
        }
        long day = Math.floorDiv(micros, DAY);
        out.put('"');
        boolean beforeChrist = putDay(day, out);
        out.put('T');
        putTime(micros - day * DAY, out);
        if (zoned) {
            out.put(UTC);
        }
        end(beforeChrist, out);
    }

    private static void end(boolean beforeChrist, JsonBuffer out) {
        if (beforeChrist) {
            out.put(BC);
        }
        out.put('"');
    }

    /** The proleptic Gregorian calendar, in whole numbers; true for years before 1, which are written as BC. */
    private static boolean putDay(long days, JsonBuffer out) {
        long since = days + DAYS_TO_2000;
        long era = Math.floorDiv(since, DAYS_OF_400_YEARS);
        int day = (int) (since - era * DAYS_OF_400_YEARS);
        int yearOfEra = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        int dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shifted = (5 * dayOfYear + 2) / 153;
        int month = shifted < 10 ? shifted + 3 : shifted - 9;
        long year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
        long shown = year > 0 ? year : 1 - year;
        if (shown < 10_000) {
            out.putTwoDigits((int) shown / 100);
            out.putTwoDigits((int) shown % 100);
        } else {
            out.putNumber(shown);
        }
        out.put('-');
        out.putTwoDigits(month);
        out.put('-');
        out.putTwoDigits(dayOfYear - (153 * shifted + 2) / 5 + 1);
        return year <= 0;
    }

    private static void putTime(long micros, JsonBuffer out) {
        int seconds = (int) (micros / 1_000_000);
        out.putTwoDigits(seconds / 3600);
        out.put(':');
        out.putTwoDigits(seconds / 60 % 60);
        out.put(':');
        out.putTwoDigits(seconds % 60);
        int fraction = (int) (micros % 1_000_000);
        if (fraction != 0) {
            out.put('.');
            out.putMicros(fraction);
        }
    }
}
