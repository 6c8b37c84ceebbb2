package dev.headroom.service.database.statement;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A bound value; a {@link List} of values is bound as an array, for {@code = any(?)}.
 *
 * <p>Values travel as text without a type, as a literal would: the server takes each for what stands beside it. So a
 * statement means the same when it is described at start and when it runs, an enum or citext column needs no cast, an
 * index is never missed because a number came as numeric, and where the context leaves the type open, start says so.
 */
public record Param(SqlType type, @Nullable Object value) {

    public Param {
        if (value instanceof List<?> list) {
            value = List.copyOf(list);
            list.forEach(element -> check(type, element));
        } else if (value != null) {
            check(type, value);
        }
    }

    private static void check(SqlType type, Object value) {
        if (!type.javaType().isInstance(value)) {
            throw new IllegalArgumentException("a parameter of type " + type + " holds a "
                    + type.javaType().getSimpleName() + ", not a "
                    + value.getClass().getSimpleName());
        }
    }

    /** As PostgreSQL reads it, null for SQL's null. */
    public @Nullable String text() {
        if (value == null) {
            return null;
        }
        return value instanceof List<?> list
                ? list.stream().map(element -> quoted(scalar(element))).collect(Collectors.joining(",", "{", "}"))
                : scalar(value);
    }

    private static String quoted(String element) {
        return '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String scalar(Object value) {
        return switch (value) {
            case BigDecimal number -> number.toPlainString();
            case LocalDate date -> era(date.getYear(), date.toString());
            case LocalDateTime time -> era(time.getYear(), time.toString());
            case OffsetDateTime time -> era(time.getYear(), time.toString());
            default -> value.toString();
        };
    }

    /** ISO-8601 has years below 1 and a sign beyond 9999; PostgreSQL has BC and no sign. */
    private static String era(int year, String iso) {
        if (year > 9999) {
            return iso.substring(1);
        }
        if (year > 0) {
            return iso;
        }
        int yearEnds = iso.indexOf('-', 1);
        return "%04d%s BC".formatted(1 - year, iso.substring(yearEnds));
    }
}
