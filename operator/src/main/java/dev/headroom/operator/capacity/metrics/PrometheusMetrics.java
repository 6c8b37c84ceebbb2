package dev.headroom.operator.capacity.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headroom.operator.capacity.metrics.MetricsPage.Unreadable;
import dev.headroom.operator.crd.MetricsSpec.Names;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Asks a Prometheus server for the last sample of each pod's series, added up over the labels that nobody needs, and reads the
 * answer as if it were the pod's own page: counter resets, gaps and missing values are then treated alike. A sample counts at the time at
 * which Prometheus took it, so a server that has nothing new yields no new window.
 */
public final class PrometheusMetrics implements MetricsSource {

    private static final Duration LIMIT = Duration.ofSeconds(4);
    private static final int LARGEST_ANSWER = 64 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String url;
    private final Names names;
    private final String namespace;
    private final HttpClient http;
    private final Optional<String> authorization;

    /**
     * Of the server at this address.
     *
     * @param namespace of the pods
     * @param authorization the header's value, where the server asks for it
     */
    public PrometheusMetrics(
            String url, Names names, String namespace, HttpClient http, Optional<String> authorization) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.names = names;
        this.namespace = namespace;
        this.http = http;
        this.authorization = authorization;
    }

    @Override
    public Answers ask(List<PodAddress> pods) throws InterruptedException {
        Map<String, MetricsPage> pages = new HashMap<>();
        Map<String, String> failures = new HashMap<>();
        Instant latest = Instant.EPOCH;
        if (pods.isEmpty()) {
            return new Answers(pages, failures, latest);
        }
        try {
            String selector = selector(pods.stream().map(PodAddress::name).collect(Collectors.joining("|")));
            Map<String, StringBuilder> texts = new HashMap<>();
            for (String query : queries(selector)) {
                add(ask(query), texts);
            }
            Map<String, Instant> times = times(ask(timeQuery(selector)));
            for (PodAddress pod : pods) {
                Instant at = times.get(pod.name());
                StringBuilder text = texts.get(pod.name());
                if (at == null || text == null) {
                    failures.put(pod.name(), url + " has no series of it");
                    continue;
                }
                pages.put(pod.uid(), MetricsPage.of(text.toString(), names, pod.uid(), at));
                latest = at.isAfter(latest) ? at : latest;
            }
        } catch (IOException | Unreadable e) {
            failures.put("prometheus", url + ": " + e.getMessage());
        }
        return new Answers(pages, failures, latest);
    }

    @Override
    public List<String> queries() {
        return queries(selector("…"));
    }

    private String selector(String pods) {
        return "namespace=\"" + namespace + "\",pod=~\"" + pods + "\"";
    }

    /** What the pages are made of; every answer has the label pod. */
    private List<String> queries(String selector) {
        String served = selector + "," + names.status() + "!=\"503\"";
        String gauges = String.join(
                "|",
                names.shed(),
                names.inFlight(),
                names.poolSize(),
                names.generation(),
                names.outsidePool(),
                MetricsPage.CPU,
                MetricsPage.START);
        return List.of(
                "label_replace(sum by (pod, le) (%1$s_bucket{%2$s}), \"__name__\", \"%1$s_bucket\", \"\", \"\")"
                        .formatted(names.requests(), served),
                "label_replace(sum by (pod) (%1$s_sum{%2$s}), \"__name__\", \"%1$s_sum\", \"\", \"\")"
                        .formatted(names.requests(), served),
                "label_replace(sum by (pod, le, %3$s) (%1$s_bucket{%2$s}), \"__name__\", \"%1$s_bucket\", \"\", \"\")"
                        .formatted(names.statements(), selector, names.statement()),
                "label_replace(sum by (pod, %3$s) (%1$s_sum{%2$s}), \"__name__\", \"%1$s_sum\", \"\", \"\")"
                        .formatted(names.statements(), selector, names.statement()),
                "label_replace(sum by (pod, le) (%1$s_bucket{%2$s}), \"__name__\", \"%1$s_bucket\", \"\", \"\")"
                        .formatted(names.waits(), selector),
                "label_replace(sum by (pod) (%1$s_sum{%2$s}), \"__name__\", \"%1$s_sum\", \"\", \"\")"
                        .formatted(names.waits(), selector),
                "{__name__=~\"" + gauges + "\"," + selector + "}");
    }

    /** When Prometheus asked each pod the last time. */
    private String timeQuery(String selector) {
        return "max by (pod) (timestamp({__name__=~\"" + names.inFlight() + "|" + MetricsPage.CPU + "|"
                + names.requests() + "_count\"," + selector + "}))";
    }

    private JsonNode ask(String query) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/api/v1/query"))
                .timeout(LIMIT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)));
        authorization.ifPresent(value -> request.header("Authorization", value));
        HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(LARGEST_ANSWER);
            JsonNode answer = response.statusCode() == 200 ? JSON.readTree(bytes) : JSON.createObjectNode();
            if (!"success".equals(answer.path("status").asText())) {
                throw new IOException("status " + response.statusCode() + " for " + query);
            }
            return answer.path("data").path("result");
        }
    }

    private static void add(JsonNode result, Map<String, StringBuilder> texts) {
        for (JsonNode series : result) {
            JsonNode labels = series.path("metric");
            StringBuilder line = texts.computeIfAbsent(labels.path("pod").asText(), pod -> new StringBuilder());
            line.append(labels.path("__name__").asText()).append('{');
            labels.properties().stream()
                    .filter(label -> !label.getKey().equals("__name__"))
                    .forEach(label -> line.append(label.getKey())
                            .append("=\"")
                            .append(escaped(label.getValue().asText()))
                            .append("\","));
            line.append("} ").append(series.path("value").path(1).asText()).append('\n');
        }
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static Map<String, Instant> times(JsonNode result) {
        Map<String, Instant> times = new HashMap<>();
        for (JsonNode series : result) {
            double seconds = series.path("value").path(1).asDouble();
            times.put(series.path("metric").path("pod").asText(), Instant.ofEpochMilli(Math.round(1000 * seconds)));
        }
        return times;
    }
}
