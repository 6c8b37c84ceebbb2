package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.CachePolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads {@code cache}: the catalog's policies by name. */
final class PolicyReader {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration SOFT_TIMEOUT = Duration.ofMillis(500);
    private static final long MOST_JITTER = 50;

    private PolicyReader() {}

    static Map<String, CachePolicy> read(YamlMap catalog) {
        Map<String, CachePolicy> policies = new LinkedHashMap<>();
        catalog.maps("cache").forEach((name, entry) -> policies.put(name, policy(name, entry)));
        return policies;
    }

    private static CachePolicy policy(String name, YamlMap entry) {
        entry.require("fresh");
        return new CachePolicy(
                name,
                duration(entry, "fresh", Duration.ZERO),
                duration(entry, "stale-while-revalidate", Duration.ZERO),
                duration(entry, "stale-if-error", Duration.ZERO),
                duration(entry, "soft-timeout", SOFT_TIMEOUT),
                duration(entry, "negative", Duration.ZERO),
                jitter(entry),
                scope(entry));
    }

    private static Duration duration(YamlMap entry, String key, Duration standard) {
        Duration duration = entry.duration(key, standard);
        if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
            entry.mistake(key, "'" + key + "' must be between 0s and 365d", "say 0s for never");
            return standard;
        }
        return duration;
    }

    private static Long percent(String text) {
        if (!text.endsWith("%")) {
            throw new IllegalArgumentException(text);
        }
        long percent = Long.parseLong(text.substring(0, text.length() - 1).strip());
        if (percent < 0 || percent > MOST_JITTER) {
            throw new IllegalArgumentException(text);
        }
        return percent;
    }

    private static double jitter(YamlMap entry) {
        return entry.scalar("jitter", "a percentage from 0% to 50%", PolicyReader::percent)
                        .orElse(0L)
                / 100.0;
    }

    private static CachePolicy.Scope scope(YamlMap entry) {
        String words = Arrays.stream(CachePolicy.Scope.values())
                .map(CachePolicy.Scope::word)
                .collect(Collectors.joining(", "));
        return entry.scalar("scope", "one of " + words, PolicyReader::scope).orElse(CachePolicy.Scope.SHARED);
    }

    private static CachePolicy.Scope scope(String word) {
        Optional<CachePolicy.Scope> known = Arrays.stream(CachePolicy.Scope.values())
                .filter(scope -> scope.word().equals(word))
                .findFirst();
        return known.orElseThrow(() -> new IllegalArgumentException(word));
    }
}
