package dev.headroom.operator.crd;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * Points in time as cron writes them: minute, hour, day of the month, month, day of the week, each a {@code *}, a number or
 * name, a range, a list of these, with {@code /step}. Where both days are given, either will do.
 */
public final class CronSchedule {

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet daysOfMonth;
    private final BitSet months;
    private final BitSet daysOfWeek;
    private final boolean eitherDay;

    private CronSchedule(String[] fields) {
        minutes = field("minute", fields[0], 0, 59, List.of());
        hours = field("hour", fields[1], 0, 23, List.of());
        daysOfMonth = field("day of the month", fields[2], 1, 31, List.of());
        months = field("month", fields[3], 1, 12, MONTHS);
        daysOfWeek = field("day of the week", fields[4], 0, 7, DAYS);
        if (daysOfWeek.get(7)) {
            daysOfWeek.set(0); // Sunday has two numbers
        }
        eitherDay = !fields[2].startsWith("*") && !fields[4].startsWith("*");
    }

    /** Reads one, or says in an {@link IllegalArgumentException} what is wrong with it. */
    public static CronSchedule of(String text) {
        String[] fields = text.strip().split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException("\"" + text + "\" has " + fields.length
                    + " fields, cron has five: minute, hour, day of the month, month, day of the week");
        }
        return new CronSchedule(fields);
    }

    /** Whether one of the points lies within this time before now, now included. */
    public boolean beganWithin(Duration length, Instant now, ZoneId zone) {
        Instant minute = now.truncatedTo(ChronoUnit.MINUTES);
        for (Instant at = minute; at.isAfter(now.minus(length)); at = at.minus(1, ChronoUnit.MINUTES)) {
            if (matches(at.atZone(zone))) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(ZonedDateTime at) {
        boolean dayOfMonth = daysOfMonth.get(at.getDayOfMonth());
        boolean dayOfWeek = daysOfWeek.get(at.getDayOfWeek().getValue() % 7);
        return minutes.get(at.getMinute())
                && hours.get(at.getHour())
                && months.get(at.getMonthValue())
                && (eitherDay ? dayOfMonth || dayOfWeek : dayOfMonth && dayOfWeek);
    }

    private static BitSet field(String name, String text, int least, int most, List<String> words) {
        BitSet values = new BitSet();
        for (String part : text.split(",", -1)) {
            String[] stepped = part.split("/", -1);
            int step = stepped.length == 1 ? 1 : number(name, stepped[1], 1, most, List.of());
            int from = least;
            int to = most;
            if (stepped.length > 2) {
                throw wrong(name, part, least, most);
            }
            if (!stepped[0].equals("*")) {
                String[] range = stepped[0].split("-", -1);
                from = number(name, range[0], least, most, words);
                to = range.length == 2 ? number(name, range[1], least, most, words) : stepped.length == 2 ? most : from;
                if (range.length > 2 || to < from) {
                    throw wrong(name, part, least, most);
                }
            }
            for (int value = from; value <= to; value += step) {
                values.set(value);
            }
        }
        return values;
    }

    private static int number(String name, String text, int least, int most, List<String> words) {
        int word = words.indexOf(text.toLowerCase(Locale.ROOT));
        if (word >= 0) {
            return word + least;
        }
        if (!text.matches("[0-9]{1,2}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw wrong(name, text, least, most);
        }
        return Integer.parseInt(text);
    }

    private static IllegalArgumentException wrong(String name, String text, int least, int most) {
        return new IllegalArgumentException(
                "\"" + text + "\" is no " + name + ": from " + least + " to " + most + ", a list, a range or *");
    }
}
