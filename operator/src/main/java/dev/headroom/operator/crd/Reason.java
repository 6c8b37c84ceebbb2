package dev.headroom.operator.crd;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The reasons that a condition can have. Each is explained in docs/runbooks, in a page of its name. */
public enum Reason {
    // all is as wanted, or was looked at
    AS_DECLARED,
    INDEXES_VALID,
    OBSERVING,
    PAUSED,
    POOL_IN_FORCE,
    REPLICAS_AS_NEEDED,

    // goes on by itself
    INDEXES_BUILDING,
    INDEXES_PENDING,
    INDEX_BLOCKED,
    INDEX_FAILED,
    TABLE_MISSING,
    DATABASE_BOUND,
    MEASURING,
    OBJECTIVE_MISSED,
    POOL_CHANGING,
    REPLICAS_CHANGING,

    // a person has to change something
    INDEX_CONFLICT(true),
    INDEX_REFUSED(true),
    INVALID_SPEC(true),
    SERVER_UNSUPPORTED(true),
    HOST_NOT_ALLOWED(true),
    BUDGET_TOO_SMALL(true),
    METRICS_MISSING(true),
    POOL_NOT_FOLLOWED(true),
    REPLICAS_OWNED(true),
    TARGET_MISSING(true),
    TARGET_TAKEN(true),
    WRITE_REFUSED(true),

    // could not look; tried again
    AUTHENTICATION_FAILED,
    DATABASE_MISSING,
    DATABASE_UNREACHABLE,
    LOOK_FAILED,
    PERMISSION_DENIED,
    SECRET_FORBIDDEN,
    SECRET_KEY_MISSING,
    SECRET_MALFORMED,
    SECRET_MISSING,
    SECRET_UNREADABLE,
    TLS_FAILED,
    TOO_MANY_CONNECTIONS;

    private final boolean stalled;
    private final String word;

    Reason() {
        this(false);
    }

    Reason(boolean stalled) {
        this.stalled = stalled;
        this.word = Arrays.stream(name().split("_"))
                .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /** Whether it stays so until a person changes something. */
    public boolean isStalled() {
        return stalled;
    }

    /** The word that stands in a condition, such as IndexesValid. */
    @Override
    public String toString() {
        return word;
    }
}
