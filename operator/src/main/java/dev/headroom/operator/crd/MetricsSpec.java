package dev.headroom.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.headroom.support.Durations;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where the target's measurements come from, and what they are called. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = Rules.PROMETHEUS_IS_USED, message = Rules.PROMETHEUS_IS_USED_MESSAGE)
public record MetricsSpec(
        @JsonPropertyDescription(
                "Pods (the default) asks each pod; Prometheus asks a server that does, which is slower by its own interval.")
        @Default("Pods")
        Source source,

        @JsonPropertyDescription("Port of the pods' metrics.") @Default("8081") @Min(1) @Max(65535)
        Integer port,

        @JsonPropertyDescription("Path of the pods' metrics, in Prometheus' text format.")
        @Default("/metrics")
        @Size(min = 1, max = 500)
        @Pattern("^/[-A-Za-z0-9._~!$&'()*+,;=:@%/?]*$")
        String path,

        @JsonPropertyDescription("How often they are read.")
        @Default("5s")
        @Pattern(Durations.PATTERN_WITHOUT_DAYS)
        @ValidationRule(value = Rules.METRICS_INTERVAL_RANGE, message = Rules.METRICS_INTERVAL_RANGE_MESSAGE)
        String interval,

        @JsonPropertyDescription("The Prometheus server, for source Prometheus.") @Nullable
        Prometheus prometheus,

        @JsonPropertyDescription("What the metrics are called. Durations are histograms in seconds.") @Default("{}")
        Names names) {

    public static final MetricsSpec DEFAULT = new MetricsSpec(Source.PODS, 8081, "/metrics", "5s", null, Names.DEFAULT);

    public MetricsSpec {
        source = requireNonNullElse(source, Source.PODS);
        port = requireNonNullElse(port, 8081);
        path = requireNonNullElse(path, "/metrics");
        interval = requireNonNullElse(interval, "5s");
        names = requireNonNullElse(names, Names.DEFAULT);
    }

    public Duration every() {
        return Durations.parse(interval);
    }

    /** Who is asked. */
    public enum Source {
        @JsonProperty("Pods")
        PODS,
        @JsonProperty("Prometheus")
        PROMETHEUS
    }

    /** A Prometheus server, or one that understands its API. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Prometheus(
            @JsonPropertyDescription("Its address, such as http://prometheus.monitoring:9090.")
            @Required
            @Size(min = 8, max = 500)
            @Pattern("^https?://[A-Za-z0-9._:\\[\\]-]+(/[-A-Za-z0-9._~/]*)?$")
            String url,

            @JsonPropertyDescription(
                    "The Secret to authenticate with: key token for a bearer token, or username and password. It has to allow"
                            + " the host, by its annotation headroom.dev/hosts or its key host.")
            @Nullable
            SecretName authSecretRef,

            @JsonPropertyDescription(
                    "The Secret whose key ca.crt has the certificates to trust, in PEM; those that Java trusts when not given.")
            @Nullable
            SecretName caSecretRef) {

        /** A Secret in the namespace of the resource. */
        public record SecretName(
                @JsonPropertyDescription("Name of the Secret.")
                @Required
                @Size(min = 1, max = 253)
                @Pattern(Rules.SECRET_NAME)
                String name) {}
    }

    /** The names of the metrics and of their labels; those of the Headroom service where nothing else is given. */
    public record Names(
            @JsonPropertyDescription("Histogram of the requests.")
            @Default("http_server_request_duration_seconds")
            @Pattern(Rules.METRIC_NAME)
            String requests,

            @JsonPropertyDescription("Label of requests that names the route.")
            @Default("route")
            @Pattern(Rules.METRIC_NAME)
            String route,

            @JsonPropertyDescription(
                    "Label of requests that has the status: 500 to 599 failed, and 503 is no answer whose duration counts.")
            @Default("status")
            @Pattern(Rules.METRIC_NAME)
            String status,

            @JsonPropertyDescription("Histogram of the statements, without the wait for a connection.")
            @Default("db_client_operation_duration_seconds")
            @Pattern(Rules.METRIC_NAME)
            String statements,

            @JsonPropertyDescription("Label of statements that names one.")
            @Default("statement")
            @Pattern(Rules.METRIC_NAME)
            String statement,

            @JsonPropertyDescription("Histogram of the waits for a connection.")
            @Default("db_client_connection_wait_seconds")
            @Pattern(Rules.METRIC_NAME)
            String waits,

            @JsonPropertyDescription(
                    "Histogram of the times for which a connection was held. Where the pods tell none, statements and waits"
                            + " have to be there: a hold is then taken to last as long as its statements.")
            @Default("db_client_connection_hold_seconds")
            @Pattern(Rules.METRIC_NAME)
            String holds,

            @JsonPropertyDescription("Counter of requests that were turned away.")
            @Default("http_server_shed_requests_total")
            @Pattern(Rules.METRIC_NAME)
            String shed,

            @JsonPropertyDescription("Gauge of the requests that are there now.")
            @Default("http_server_active_requests")
            @Pattern(Rules.METRIC_NAME)
            String inFlight,

            @JsonPropertyDescription(
                    "Counter of the processor time of the process: in nanoseconds where its name ends in _ns or _ns_total,"
                            + " as Micrometer's process_cpu_time_ns_total does, else in seconds.")
            @Default("process_cpu_seconds_total")
            @Pattern(Rules.METRIC_NAME)
            String cpu,

            @JsonPropertyDescription("Gauge of the connections that the pool may hold.")
            @Default("db_client_connections_max")
            @Pattern(Rules.METRIC_NAME)
            String poolSize,

            @JsonPropertyDescription("Gauge of the generation of the published size that is in force.")
            @Default("db_client_connections_generation")
            @Pattern(Rules.METRIC_NAME)
            String generation,

            @JsonPropertyDescription("Gauge of the connections that a pod may hold outside of its pool.")
            @Default("db_client_connections_outside_pool")
            @Pattern(Rules.METRIC_NAME)
            String outsidePool) {

        public static final Names DEFAULT = new Names(
                "http_server_request_duration_seconds",
                "route",
                "status",
                "db_client_operation_duration_seconds",
                "statement",
                "db_client_connection_wait_seconds",
                "db_client_connection_hold_seconds",
                "http_server_shed_requests_total",
                "http_server_active_requests",
                "process_cpu_seconds_total",
                "db_client_connections_max",
                "db_client_connections_generation",
                "db_client_connections_outside_pool");

        public Names {
            requests = requireNonNullElse(requests, "http_server_request_duration_seconds");
            route = requireNonNullElse(route, "route");
            status = requireNonNullElse(status, "status");
            statements = requireNonNullElse(statements, "db_client_operation_duration_seconds");
            statement = requireNonNullElse(statement, "statement");
            waits = requireNonNullElse(waits, "db_client_connection_wait_seconds");
            holds = requireNonNullElse(holds, "db_client_connection_hold_seconds");
            shed = requireNonNullElse(shed, "http_server_shed_requests_total");
            inFlight = requireNonNullElse(inFlight, "http_server_active_requests");
            cpu = requireNonNullElse(cpu, "process_cpu_seconds_total");
            poolSize = requireNonNullElse(poolSize, "db_client_connections_max");
            generation = requireNonNullElse(generation, "db_client_connections_generation");
            outsidePool = requireNonNullElse(outsidePool, "db_client_connections_outside_pool");
        }
    }
}
