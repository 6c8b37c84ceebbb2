package dev.headroom.service.catalog;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what a request says into typed values, or refuses it. Blank values count as not given. */
final class ParameterReader {
    /** PostgreSQL's years go further than four digits; what nobody means is refused before it gets there. */
    private static final int LAST_YEAR = 9999;

    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?[0-9]{1,19}");
    /** No exponent: nobody writes one in an address, and a short one could stand for a million digits. */
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(?:[0-9]{1,50}(?:\\.[0-9]{0,50})?|\\.[0-9]{1,50})");

    private static final Pattern SPACE_FOR_PLUS = Pattern.compile(" (?=\\d{2}(:?\\d{2})?$)");

    private final Parameter parameter;

    private ParameterReader(Parameter parameter) {
        this.parameter = parameter;
    }

    static @Nullable Object read(Parameter parameter, List<String> raw) {
        ParameterReader reader = new ParameterReader(parameter);
        return parameter.list() ? reader.many(raw) : reader.one(raw);
    }

    private @Nullable Object one(List<String> raw) {
        String only = null;
        int given = 0;
        for (String value : raw) {
            if (!value.isBlank()) {
                only = value;
                given++;
            }
        }
        if (given > 1) {
            throw refuse("given once; it came " + given + " times");
        }
        return only == null ? absent() : typed(only);
    }

    private @Nullable Object many(List<String> raw) {
        List<Object> values = new ArrayList<>();
        for (String each : raw) {
            for (String part : each.split(",", -1)) {
                if (part.isBlank()) {
                    continue;
                }
                if (values.size() == parameter.bounds().maxItems()) {
                    throw refuse("a list of at most " + parameter.bounds().maxItems() + " values");
                }
                values.add(typed(part));
            }
        }
        return values.isEmpty() ? absent() : List.copyOf(values);
    }

    private @Nullable Object absent() {
        if (parameter.required()) {
            throw refuse("given: " + expected());
        }
        return parameter.fallback();
    }

    private Object typed(String raw) {
        return switch (parameter.type()) {
            case TEXT -> text(raw);
            case ENUM -> oneOf(raw.strip());
            case INT, BIGINT -> number(raw.strip());
            case DECIMAL -> decimal(raw.strip());
            case JSON -> json(raw);
            case BOOLEAN -> flag(raw.strip().toLowerCase(Locale.ROOT));
            case UUID -> uuid(raw.strip());
            case DATE -> inRange(time(raw.strip(), LocalDate::parse));
            case TIMESTAMP -> inRange(time(raw.strip(), ParameterReader::withoutZone));
            case TIMESTAMPTZ -> inRange(time(raw.strip(), ParameterReader::withZone));
        };
    }

    private String text(String raw) {
        if (raw.codePointCount(0, raw.length()) > parameter.bounds().maxLength() || raw.indexOf('\0') >= 0) {
            throw refuse(expected());
        }
        Parameter.Form form = parameter.bounds().form();
        if (form != null && !form.pattern().matcher(raw).matches()) {
            throw refuse(expected());
        }
        return raw;
    }

    private String oneOf(String raw) {
        if (!parameter.bounds().values().contains(raw)) {
            throw refuse(expected());
        }
        return raw;
    }

    private Number number(String raw) {
        if (!WHOLE_NUMBER.matcher(raw).matches()) {
            throw refuse(expected());
        }
        long value;
        try {
            value = Long.parseLong(raw);
        } catch (NumberFormatException tooGreat) {
            throw refuse(expected());
        }
        if (value < parameter.least() || value > parameter.greatest()) {
            throw refuse(expected());
        }
        if (parameter.type() == ParameterType.INT) {
            return Math.toIntExact(value);
        }
        return value;
    }

    /** Without the zeros at its end: numbers that are equal are one request. */
    private BigDecimal decimal(String raw) {
        if (!DECIMAL.matcher(raw).matches()) {
            throw refuse(expected());
        }
        BigDecimal value = new BigDecimal(raw).stripTrailingZeros();
        BigDecimal minimum = parameter.bounds().minimum();
        BigDecimal maximum = parameter.bounds().maximum();
        if ((minimum != null && value.compareTo(minimum) < 0) || (maximum != null && value.compareTo(maximum) > 0)) {
            throw refuse(expected());
        }
        return value.scale() < 0 ? value.setScale(0) : value;
    }

    private String json(String raw) {
        if (raw.length() > parameter.bounds().maxLength()) {
            throw refuse(expected());
        }
        try {
            return JsonText.compact(raw);
        } catch (IOException notJson) {
            throw refuse(expected());
        }
    }

    private boolean flag(String raw) {
        return switch (raw) {
            case "true", "t", "1", "yes", "y", "on" -> true;
            case "false", "f", "0", "no", "n", "off" -> false;
            default -> throw refuse(expected());
        };
    }

    private UUID uuid(String raw) {
        if (!isUuid(raw)) {
            throw refuse(expected());
        }
        return UUID.fromString(raw);
    }

    /** Java takes shorter forms and signs as well. */
    private static boolean isUuid(String raw) {
        boolean sound = raw.length() == 36;
        for (int at = 0; sound && at < 36; at++) {
            char c = raw.charAt(at);
            boolean dash = at == 8 || at == 13 || at == 18 || at == 23;
            sound = dash ? c == '-' : c < 0x80 && Character.digit(c, 16) >= 0;
        }
        return sound;
    }

    private <T extends TemporalAccessor> T time(String raw, Function<String, T> parse) {
        try {
            return parse.apply(raw);
        } catch (DateTimeException notOne) {
            throw refuse(expected());
        }
    }

    private <T extends TemporalAccessor> T inRange(T value) {
        int year = value.get(ChronoField.YEAR);
        if (year < 1 || year > LAST_YEAR) {
            throw refuse(expected() + ", in the years 1 to " + LAST_YEAR);
        }
        return value;
    }

    private static LocalDateTime withoutZone(String raw) {
        return raw.length() <= 10 ? LocalDate.parse(raw).atStartOfDay() : LocalDateTime.parse(separated(raw));
    }

    /** A plus sign in a query string means a space: what was meant is clear before an offset. */
    private static OffsetDateTime withZone(String raw) {
        if (raw.length() <= 10) {
            return LocalDate.parse(raw).atStartOfDay().atOffset(ZoneOffset.UTC);
        }
        String iso = SPACE_FOR_PLUS.matcher(separated(raw)).replaceFirst("+");
        TemporalAccessor parsed =
                DateTimeFormatter.ISO_DATE_TIME.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
        OffsetDateTime time =
                parsed instanceof OffsetDateTime zoned ? zoned : ((LocalDateTime) parsed).atOffset(ZoneOffset.UTC);
        return time.withOffsetSameInstant(ZoneOffset.UTC);
    }

    private static String separated(String raw) {
        return raw.length() > 10 && raw.charAt(10) == ' ' ? raw.substring(0, 10) + "T" + raw.substring(11) : raw;
    }

    private String expected() {
        return Expectation.of(parameter);
    }

    private BadParameter refuse(String expected) {
        return new BadParameter(parameter.name(), expected);
    }
}
