package dev.headroom.operator.crd;

/**
 * The rules that a schema cannot say, each as the expression that the API server evaluates, with the sentence that the
 * user reads. {@link SpecRules} holds the same rules in Java, for where there is no API server.
 */
public final class Rules {

    /**
     * Names and SQL are written in one line: no control characters, no line separators, nothing that shows text in another
     * order than it has. They end up in SQL that people read, copy and pipe.
     */
    static final String ONE_LINE =
            "^[^\\p{Cc}\\x{2028}\\x{2029}\\x{200E}\\x{200F}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]*$";

    public static final String ONE_LINE_MESSAGE =
            "has the character U+%04X: it is written in one line, without control characters";

    /** A name of a Secret, as Kubernetes has it (RFC 1123). */
    public static final String SECRET_NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    /** A key in a Secret, as Kubernetes has it. */
    public static final String SECRET_KEY = "^[-._a-zA-Z0-9]+$";

    static final String SAME_DATABASE =
            "(has(oldSelf.indexes.mode) ? oldSelf.indexes.mode : oldSelf.mode) == 'Observe' || ("
                    + "has(self.database.host) == has(oldSelf.database.host)"
                    + " && has(self.database.port) == has(oldSelf.database.port)"
                    + " && has(self.database.name) == has(oldSelf.database.name)"
                    + " && (!has(self.database.host) || self.database.host == oldSelf.database.host)"
                    + " && (!has(self.database.port) || self.database.port == oldSelf.database.port)"
                    + " && (!has(self.database.name) || self.database.name == oldSelf.database.name))";
    static final String SAME_DATABASE_MESSAGE = "database.host, port and name cannot change while the mode is Apply:"
            + " set the mode to Observe, change the database, and set the mode back";

    static final String CA_IS_USED = "!has(self.caSecretRef) || self.mode in ['verify-ca', 'verify-full']";
    static final String CA_IS_USED_MESSAGE =
            "caSecretRef has an effect only with mode verify-ca or verify-full: set one of them, or leave caSecretRef out";

    static final String NAMES_ARE_UNIQUE_MESSAGE =
            "index names must be unique in a schema: two declarations have the same name";

    static final String COLUMNS_OR_KEYS =
            "(has(self.columns) && size(self.columns) > 0)" + " != (has(self.keys) && size(self.keys) > 0)";
    static final String COLUMNS_OR_KEYS_MESSAGE =
            "an index needs columns (plain names) or keys (columns and expressions with options): one of the two, not empty";

    static final String PLAIN_COLUMNS =
            "!has(self.columns) || !self.columns.exists(c, c.matches('(?i) (asc|desc|nulls first|nulls last)$'))";
    static final String PLAIN_COLUMNS_MESSAGE =
            "columns are plain names: a direction is written as" + " keys: [{column: snapshot_at, order: Desc}]";

    static final String NULLS_NEED_UNIQUE = "!self.nullsNotDistinct || self.unique";
    static final String NULLS_NEED_UNIQUE_MESSAGE = "nullsNotDistinct means something only with unique: true";

    static final String COLUMN_OR_EXPRESSION = "has(self.column) != has(self.expression)";
    static final String COLUMN_OR_EXPRESSION_MESSAGE = "a key is a column or an expression: one of the two";

    static final String LOCK_TIMEOUT_RANGE = "duration(self) >= duration('10ms') && duration(self) <= duration('10m')";
    static final String LOCK_TIMEOUT_RANGE_MESSAGE = "lockTimeout must be from 10ms to 10m";

    static final String BUILD_LIMIT_RANGE = "duration(self) >= duration('1s') && duration(self) <= duration('168h')";
    static final String BUILD_LIMIT_RANGE_MESSAGE = "statementTimeout must be from 1s to 168h";

    /** A name of a workload or a container (RFC 1123). */
    public static final String KUBERNETES_NAME = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";

    /** A name of a metric or a label, as Prometheus has it. */
    public static final String METRIC_NAME = "^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$";

    static final String POOL_NEEDS_TARGET = "!has(self.pool) || has(self.target)";
    static final String POOL_NEEDS_TARGET_MESSAGE = "pool needs a target: name the workload whose pools are sized";

    static final String REPLICAS_NEED_OBJECTIVE =
            "!has(self.replicas) || (has(self.target) && has(self.objective) && has(self.objective.request))";
    static final String REPLICAS_NEED_OBJECTIVE_MESSAGE =
            "replicas need a target and objective.request: which workload, and how fast it has to be";

    static final String POOL_BOUNDS = "self.minPerReplica <= self.maxPerReplica";
    static final String POOL_BOUNDS_MESSAGE = "pool.minPerReplica must not be above pool.maxPerReplica";

    static final String REPLICA_BOUNDS = "self.min <= self.max";
    static final String REPLICA_BOUNDS_MESSAGE = "replicas.min must not be above replicas.max";

    static final String WINDOWS_IN_ORDER = "duration(self.minWindow) <= duration(self.maxWindow)";
    static final String WINDOWS_IN_ORDER_MESSAGE =
            "scaleDown.minWindow must not be longer than maxWindow, which is 1h when not given";

    static final String PROMETHEUS_IS_USED = "(self.source == 'Prometheus') == has(self.prometheus)";
    static final String PROMETHEUS_IS_USED_MESSAGE =
            "metrics.prometheus says which server is asked with source Prometheus: give both, or neither";

    static final String OBJECTIVE_RANGE = "duration(self) >= duration('1ms') && duration(self) <= duration('10m')";
    static final String OBJECTIVE_RANGE_MESSAGE = "under must be from 1ms to 10m";

    static final String METRICS_INTERVAL_RANGE = "duration(self) >= duration('1s') && duration(self) <= duration('5m')";
    static final String METRICS_INTERVAL_RANGE_MESSAGE = "interval must be from 1s to 5m";

    static final String PERIOD_RANGE = "duration(self) >= duration('1s') && duration(self) <= duration('30m')";
    static final String PERIOD_RANGE_MESSAGE = "period must be from 1s to 30m";

    static final String WINDOW_RANGE = "duration(self) >= duration('0s') && duration(self) <= duration('24h')";
    static final String WINDOW_RANGE_MESSAGE = "a window must be from 0s to 24h";

    static final String BLACKOUT_RANGE = "duration(self) >= duration('1m') && duration(self) <= duration('24h')";
    static final String BLACKOUT_RANGE_MESSAGE = "duration must be from 1m to 24h";

    private Rules() {}
}
