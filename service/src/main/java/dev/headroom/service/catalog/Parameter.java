package dev.headroom.service.catalog;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One typed input of an endpoint.
 *
 * @param in whether it stands in the path (then it is always required) or in the query string
 * @param list whether several values may be given, repeated or separated by commas
 * @param required whether the request is refused without it
 * @param fallback the typed value when the request gives none, or null
 * @param bounds what a value must keep to
 * @param description one sentence for the API's documentation, or null
 */
public record Parameter(
        String name,
        In in,
        ParameterType type,
        boolean list,
        boolean required,
        @Nullable Object fallback,
        Bounds bounds,
        @Nullable String description,
        Place place) {

    /** Where a request carries a parameter. */
    public enum In {
        PATH,
        QUERY
    }

    /**
     * Limits of a value; those that do not concern the type are null or empty.
     *
     * @param minimum smallest number, inclusive
     * @param maximum greatest number, inclusive
     * @param maxLength most characters of a text, or of a JSON value as the request writes it
     * @param maxItems most values of a list
     * @param values the only values of an enum
     * @param form how a text is written, or null where any will do
     * @param known what a text usually is, for the API's documentation: any other is taken as well
     */
    public record Bounds(
            @Nullable BigDecimal minimum,
            @Nullable BigDecimal maximum,
            int maxLength,
            int maxItems,
            List<String> values,
            @Nullable Form form,
            List<String> known) {
        public Bounds(
                @Nullable Long minimum, @Nullable Long maximum, int maxLength, int maxItems, List<String> values) {
            this(exact(minimum), exact(maximum), maxLength, maxItems, values, null, List.of());
        }

        private static @Nullable BigDecimal exact(@Nullable Long bound) {
            return bound == null ? null : BigDecimal.valueOf(bound);
        }
    }

    /**
     * How a text is written.
     *
     * @param pattern what the whole value must match
     * @param example one that does, for those whose value did not
     */
    public record Form(Pattern pattern, String example) {}

    /** The smallest whole number that is taken. */
    public long least() {
        long ofType = type == ParameterType.INT ? Integer.MIN_VALUE : Long.MIN_VALUE;
        return bounds.minimum() == null ? ofType : Math.max(bounds.minimum().longValueExact(), ofType);
    }

    /** The greatest whole number that is taken. */
    public long greatest() {
        long ofType = type == ParameterType.INT ? Integer.MAX_VALUE : Long.MAX_VALUE;
        return bounds.maximum() == null ? ofType : Math.min(bounds.maximum().longValueExact(), ofType);
    }

    /** The value in a request's raw values, the fallback where there are none, or a refusal. */
    public @Nullable Object read(List<String> raw) {
        return ParameterReader.read(this, raw);
    }
}
