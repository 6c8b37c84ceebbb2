package dev.headroom.service.catalog;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The typed values of one request, those given and those defaulted; a parameter that is absent here was not given.
 * Two requests that mean the same have equal arguments, whatever their spelling or order.
 */
public record Arguments(SortedMap<String, Object> values) {

    public Arguments {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    public static Arguments of(Map<String, Object> values) {
        return new Arguments(values instanceof SortedMap<String, Object> sorted ? sorted : new TreeMap<>(values));
    }

    public boolean has(String parameter) {
        return values.containsKey(parameter);
    }

    public @Nullable Object get(String parameter) {
        return values.get(parameter);
    }

    /** Whether a boolean parameter was given as true. */
    public boolean isTrue(String parameter) {
        return Boolean.TRUE.equals(values.get(parameter));
    }
}
