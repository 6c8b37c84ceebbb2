package dev.headroom.service.catalog;

import java.math.BigDecimal;

/** What a value of a parameter looks like, in words that complete "it must be …". */
final class Expectation {
    private Expectation() {}

    static String of(Parameter parameter) {
        return switch (parameter.type()) {
            case TEXT -> text(parameter.bounds());
            case INT, BIGINT -> number(parameter);
            case DECIMAL -> decimal(parameter.bounds());
            case BOOLEAN -> "true or false";
            case UUID -> "a UUID, as in 123e4567-e89b-12d3-a456-426614174000";
            case DATE -> "a date, as in 2026-11-20";
            case TIMESTAMP -> "a date and time without zone, as in 2026-11-20T16:30:00";
            case TIMESTAMPTZ -> "a date and time, as in 2026-11-20T16:30:00Z";
            case JSON ->
                "JSON of at most " + parameter.bounds().maxLength() + " characters, as in {\"key\": [1, null]}";
            case ENUM -> "one of " + String.join(", ", parameter.bounds().values());
        };
    }

    private static String text(Parameter.Bounds bounds) {
        return bounds.form() == null
                ? "text of at most " + bounds.maxLength() + " characters, without NUL"
                : "written as in " + bounds.form().example();
    }

    private static String decimal(Parameter.Bounds bounds) {
        BigDecimal minimum = bounds.minimum();
        BigDecimal maximum = bounds.maximum();
        return "a number, as in 12.50"
                + (minimum == null ? "" : ", at least " + minimum.toPlainString())
                + (maximum == null ? "" : ", at most " + maximum.toPlainString());
    }

    private static String number(Parameter parameter) {
        return "a whole number from " + parameter.least() + " to " + parameter.greatest();
    }
}
