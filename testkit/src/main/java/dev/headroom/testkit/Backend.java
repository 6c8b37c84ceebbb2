package dev.headroom.testkit;

import java.util.Locale;
import java.util.Map;

/** Where the servers of a test run come from: the same tests, three ways. Chosen by {@code TEST_BACKEND}. */
public enum Backend {
    /** Binaries from Maven Central, started here: needs nothing. The default. */
    EMBEDDED,
    /** Official images, any version: needs Docker. */
    CONTAINERS,
    /** Servers that run already: {@code TEST_POSTGRES_URL} and {@code TEST_REDIS_URL}. They cannot be hurt. */
    EXTERNAL;

    public static Backend chosen() {
        return from(System.getenv());
    }

    static Backend from(Map<String, String> environment) {
        String name = environment.getOrDefault("TEST_BACKEND", "").strip();
        if (name.isEmpty()) {
            return EMBEDDED;
        }
        try {
            return valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "TEST_BACKEND=" + name + " is unknown, it is one of embedded, containers, external", e);
        }
    }
}
