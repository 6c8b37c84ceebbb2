package dev.headroom.testkit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a throwaway PostgreSQL server has that the shared one has not. */
public record PostgresOptions(String password, Map<String, String> settings) {

    /** Settings of every server that lives for tests: generous with connections, careless with durability. */
    private static final Map<String, String> FOR_TESTS = Map.ofEntries(
            Map.entry("max_connections", "200"), // many test classes, each with a pool
            // No test survives a power cut; but a commit is handed to the system before it is acknowledged: what was
            // committed survives a killed server.
            Map.entry("fsync", "off"),
            Map.entry("full_page_writes", "off"),
            Map.entry("max_wal_size", "2GB"), // no checkpoint in the middle of a measurement
            Map.entry("shared_preload_libraries", "pg_stat_statements"),
            Map.entry("timezone", "UTC"),
            Map.entry("lc_messages", "C")); // tests read error texts

    public PostgresOptions {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    public static PostgresOptions defaults() {
        return new PostgresOptions("postgres", FOR_TESTS);
    }

    /** The same with one more line for {@code postgresql.conf}. */
    public PostgresOptions setting(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(name, value.toString());
        return new PostgresOptions(password, more);
    }

    /** The same with another password for the superuser; every connection must give it. */
    public PostgresOptions password(String superuserPassword) {
        return new PostgresOptions(superuserPassword, settings);
    }
}
