package dev.headroom.operator;

import java.util.Locale;

/** The settings by name: what each is for, and what holds when it is not given. */
enum Setting {
    WATCH_NAMESPACES("*", "Namespaces to watch, separated by commas; * for all."),
    LEADER_ELECTION("false", "true when more than one replica runs: only the holder of a lease acts."),
    LEASE_NAMESPACE("", "Namespace of the lease; empty for the one the pod runs in."),
    ADMIN_HOST("0.0.0.0", "Address that health and metrics listen on."),
    ADMIN_PORT("8081", "Port of health and metrics; 0 for a free one."),
    LONGEST_INTERVAL("5m", "Each resource is looked at this often when nothing else asks for it; 10s to 1h."),
    RELEASE_PATIENCE("5m", "How long a deletion waits for a database that cannot be asked; 0s to 24h."),
    CONCURRENCY("10", "Resources looked at at once; 1 to 100. Each takes one database connection."),
    LOG_LEVEL("INFO", "ERROR, WARNING, INFO or DEBUG.");

    final String otherwise;
    final String help;

    Setting(String otherwise, String help) {
        this.otherwise = otherwise;
        this.help = help;
    }

    /** As an argument: --watch-namespaces. */
    String argument() {
        return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether this is meant as a setting, rightly spelled or not. */
    static boolean isArgument(String text) {
        return text.startsWith("--") && text.contains("=");
    }

    /** In the environment: HEADROOM_WATCH_NAMESPACES. */
    String variable() {
        return "HEADROOM_" + name();
    }
}
