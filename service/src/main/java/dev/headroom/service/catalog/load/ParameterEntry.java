package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.BadParameter;
import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.catalog.ParameterType;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code parameters}. */
final class ParameterEntry {
    private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]{1,50}(\\.[0-9]{1,50})?");
    private static final int STANDARD_LENGTH = 200;
    private static final int STANDARD_JSON_LENGTH = 2_000;
    private static final int MOST_LENGTH = 10_000;
    private static final int STANDARD_ITEMS = 100;
    private static final int MOST_ITEMS = 10_000;

    private final String name;
    private final YamlMap entry;
    private final Parameter.In in;

    private ParameterEntry(String name, YamlMap entry, Parameter.In in) {
        this.name = name;
        this.entry = entry;
        this.in = in;
    }

    static Parameter read(String name, YamlMap entry, Parameter.In in) {
        return new ParameterEntry(name, entry, in).read();
    }

    private Parameter read() {
        Optional<ParameterType> known = type();
        ParameterType type = known.orElse(ParameterType.TEXT);
        boolean list = entry.flag("list", false);
        if (list && type == ParameterType.JSON) {
            entry.mistake("list", "JSON cannot be a list: its own commas part no values", "take one JSON array");
        }
        if (list && in == Parameter.In.PATH) {
            entry.mistake("list", "a path's parameter is one value", "make it a query parameter");
        }
        Parameter.Bounds bounds = bounds(type, list);
        boolean required = in == Parameter.In.PATH || entry.flag("required", false);
        Parameter bare = new Parameter(
                name,
                in,
                type,
                list,
                required,
                null,
                bounds,
                entry.optionalText("description").orElse(null),
                // Where the mistake is told: the check looks there before it tells another one.
                known.isPresent() ? entry.place() : entry.place("type"));
        return withFallback(bare);
    }

    private Optional<ParameterType> type() {
        entry.require("type");
        Map<String, ParameterType> words = new LinkedHashMap<>();
        for (ParameterType each : ParameterType.values()) {
            words.put(each.word(), each);
        }
        return entry.oneOf("type", words);
    }

    private Parameter.Bounds bounds(ParameterType type, boolean list) {
        Optional<BigDecimal> minimum = bound(type, "minimum");
        Optional<BigDecimal> maximum = bound(type, "maximum");
        if (minimum.isPresent() && maximum.isPresent() && minimum.get().compareTo(maximum.get()) > 0) {
            entry.mistake("minimum", "'minimum' is above 'maximum'", "swap them");
        }
        int length = switch (type) {
            case TEXT -> (int) entry.number("max-length", STANDARD_LENGTH, 1, MOST_LENGTH);
            case JSON -> (int) entry.number("max-length", STANDARD_JSON_LENGTH, 1, MOST_LENGTH);
            default -> STANDARD_LENGTH;
        };
        int items = list ? (int) entry.number("max-items", STANDARD_ITEMS, 1, MOST_ITEMS) : 1;
        return new Parameter.Bounds(
                minimum.orElse(null), maximum.orElse(null), length, items, values(type), form(type), known(type));
    }

    private Optional<BigDecimal> bound(ParameterType type, String key) {
        return switch (type) {
            case INT, BIGINT -> entry.number(key).map(BigDecimal::valueOf);
            case DECIMAL -> entry.scalar(key, "a number, as in 0.5", ParameterEntry::decimal);
            default -> Optional.empty();
        };
    }

    private static @Nullable BigDecimal decimal(String text) {
        return DECIMAL.matcher(text).matches() ? new BigDecimal(text) : null;
    }

    private Parameter.@Nullable Form form(ParameterType type) {
        if (type != ParameterType.TEXT || !entry.has("pattern")) {
            return null;
        }
        entry.require("example");
        String example = entry.text("example", "");
        try {
            Pattern pattern = Pattern.compile(entry.text("pattern"));
            if (!pattern.matcher(example).matches()) {
                entry.mistake("example", "the example does not match the pattern", null);
            }
            return new Parameter.Form(pattern, example);
        } catch (PatternSyntaxException broken) {
            entry.mistake("pattern", "this is no regular expression: " + broken.getDescription(), null);
            return null;
        }
    }

    private List<String> values(ParameterType type) {
        if (type != ParameterType.ENUM) {
            return List.of();
        }
        List<String> values = entry.texts("values", List.of());
        if (values.isEmpty()) {
            entry.mistake("values", "an enum lists its 'values'", "as in values: [todo, done]");
        }
        if (new HashSet<>(values).size() < values.size()) {
            entry.mistake("values", "a value is listed twice", null);
        }
        return values;
    }

    private List<String> known(ParameterType type) {
        return type == ParameterType.TEXT ? entry.texts("known-values", List.of()) : List.of();
    }

    /** The default is written as a request would write it, and must be one that a request could give. */
    private Parameter withFallback(Parameter bare) {
        List<String> written = entry.texts("default", List.of());
        if (written.isEmpty()) {
            return bare;
        }
        if (bare.required()) {
            entry.mistake("default", "a required parameter has no default", "remove one of the two");
            return bare;
        }
        return with(bare, fallback(bare, written));
    }

    private @Nullable Object fallback(Parameter bare, List<String> written) {
        try {
            return bare.read(written);
        } catch (BadParameter refused) {
            entry.mistake("default", "the default must be " + refused.expected(), null);
            return null;
        }
    }

    private static Parameter with(Parameter bare, @Nullable Object fallback) {
        return new Parameter(
                bare.name(),
                bare.in(),
                bare.type(),
                bare.list(),
                bare.required(),
                fallback,
                bare.bounds(),
                bare.description(),
                bare.place());
    }
}
