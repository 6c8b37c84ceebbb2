package dev.headroom.operator.capacity.metrics;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headroom.operator.capacity.metrics.MetricsPage.Unreadable;
import dev.headroom.operator.crd.MetricsSpec.Names;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks a Prometheus server for the last sample of each pod's series, added up over the labels that nobody needs, and reads the
 * answer as if it were the pod's own page: counter resets, gaps and missing values are then treated alike. A sample counts at the time at
 * which Prometheus took it, so a server that has nothing new yields no new window.
 *
 * <p>All queries go as one, because counts and sums of different scrapes do not belong together.
 */
public final class PrometheusMetrics implements MetricsSource {

    private static final Duration LIMIT = Duration.ofSeconds(4);
    private static final int LARGEST_ANSWER = 64 << 20;
    private static final int LONGEST_REASON = 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The label that names a series: the set operator "or" and aggregations do not keep the metric's name. */
    private static final String METRIC = "headroom_metric";

    private static final String TIME = "time";

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
    public Answers scrape(List<PodAddress> pods) throws InterruptedException {
        if (pods.isEmpty()) {
            return new Answers(Map.of(), Map.of());
        }
        try {
            String selector = selector(pods.stream().map(PodAddress::name).collect(Collectors.joining("|")));
            return answers(pods, ask(String.join("\nor\n", queries(selector))));
        } catch (IOException e) {
            return new Answers(Map.of(), Map.of("prometheus", url + ": " + e.getMessage()));
        }
    }

    private Answers answers(List<PodAddress> pods, JsonNode result) {
        Map<String, PodSeries> series = new HashMap<>();
        for (JsonNode each : result) {
            series.computeIfAbsent(each.path("metric").path("pod").asText(), pod -> new PodSeries(names))
                    .add(each);
        }
        Map<String, MetricsPage> pages = new HashMap<>();
        Map<String, String> failures = new HashMap<>();
        for (PodAddress pod : pods) {
            try {
                PodSeries ofPod = series.getOrDefault(pod.name(), new PodSeries(names));
                pages.put(pod.uid(), ofPod.page(pod, namespace));
            } catch (Unreadable e) {
                failures.put(pod.name(), url + ": " + e.getMessage());
            }
        }
        return new Answers(pages, failures);
    }

    @Override
    public List<String> queries() {
        return queries(selector("…"));
    }

    private String selector(String pods) {
        return "namespace=\"" + namespace + "\",pod=~\"" + pods + "\"";
    }

    /** What the pages are made of; every answer has the labels pod and {@link #METRIC}. */
    private List<String> queries(String selector) {
        String served = selector + "," + names.status() + "!=\"503\"";
        List<String> queries = new ArrayList<>();
        queries.addAll(histogram(names.requests(), "pod", served));
        queries.add(called(
                names.requests() + "_count",
                "sum by (pod, %1$s) (%2$s_count{%3$s,%1$s=~\"5..\"})"
                        .formatted(names.status(), names.requests(), selector)));
        queries.addAll(histogram(names.statements(), "pod, " + names.statement(), selector));
        queries.addAll(histogram(names.waits(), "pod", selector));
        queries.addAll(histogram(names.holds(), "pod", selector));
        String gauges = String.join(
                "|",
                names.shed(),
                names.inFlight(),
                names.poolSize(),
                names.generation(),
                names.outsidePool(),
                names.cpu(),
                PageReader.START);
        queries.add("label_replace({__name__=~\"%s\",%s}, \"%s\", \"$1\", \"__name__\", \"(.*)\")"
                .formatted(gauges, selector, METRIC));
        queries.add(called(TIME, time(selector)));
        return queries;
    }

    /** Sums over series with other bounds would be wrong, so only bounds that all series of a group have are kept. */
    private static List<String> histogram(String name, String labels, String selector) {
        String buckets = name + "_bucket{" + selector;
        String sums = "sum by (%1$s, le) (%2$s}) and (count by (%1$s, le) (%2$s})".formatted(labels, buckets)
                + " == on (%1$s) group_left () count by (%1$s) (%2$s,le=\"+Inf\"}))".formatted(labels, buckets);
        return List.of(
                called(name + "_bucket", sums),
                called(name + "_sum", "sum by (%s) (%s_sum{%s})".formatted(labels, name, selector)));
    }

    /** When Prometheus asked each pod the last time, by the first of these metrics that the pod has. */
    private String time(String selector) {
        return Stream.of(names.requests() + "_count", names.inFlight(), names.poolSize(), names.cpu(), PageReader.START)
                .map(metric -> "max by (pod) (timestamp(%s{%s}))".formatted(metric, selector))
                .collect(Collectors.joining(" or "));
    }

    private static String called(String name, String query) {
        return "label_replace(%s, \"%s\", \"%s\", \"\", \"\")".formatted(query, METRIC, name);
    }

    private JsonNode ask(String query) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(PodMetrics.address(url + "/api/v1/query"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)));
        authorization.ifPresent(value -> request.header("Authorization", value));
        HttpResponse<byte[]> response = wholeAnswer(request.build());
        JsonNode answer = json(response.body());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode() + reason(response.statusCode(), answer));
        }
        JsonNode result = answer.path("data").path("result");
        if (!"success".equals(answer.path("status").asText()) || !result.isArray()) {
            throw new IOException("the answer is not that of a Prometheus server's /api/v1/query");
        }
        return result;
    }

    /** The time limit is for the body too, which the timeout of a request does not count. */
    private HttpResponse<byte[]> wholeAnswer(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
        try {
            return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + LIMIT.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(PodMetrics.inWords(requireNonNullElse(e.getCause(), e)), e);
        } finally {
            answer.cancel(true);
        }
    }

    private static JsonNode json(byte[] body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private String reason(int status, JsonNode answer) {
        return switch (status) {
            case 401, 403 ->
                authorization.isPresent()
                        ? ", it does not accept what the Secret of prometheus.authSecretRef has"
                        : ", it asks for credentials, which prometheus.authSecretRef names";
            case 404 -> ", there is no /api/v1/query at this address";
            default -> answer.has("error") ? ", " + cut(answer.path("error").asText()) : "";
        };
    }

    /** What a server of somebody else says goes into the status. */
    private static String cut(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON - 1) + "…";
    }

    /** The series of one pod, as the lines of a page. */
    private static final class PodSeries {
        private final Names names;
        private final StringBuilder lines = new StringBuilder();
        private final Set<String> scrapedAs = new TreeSet<>();
        private Optional<Instant> at = Optional.empty();

        PodSeries(Names names) {
            this.names = names;
        }

        void add(JsonNode series) {
            JsonNode labels = series.path("metric");
            String name = labels.path(METRIC).asText();
            String value = series.path("value").path(1).asText();
            if (name.equals(TIME)) {
                at = Optional.of(Instant.ofEpochMilli(Math.round(1000 * Double.parseDouble(value))));
                return;
            }
            if (labels.has("instance") && !name.equals(names.cpu()) && !name.equals(PageReader.START)) {
                scrapedAs.add(labels.path("job").asText() + " "
                        + labels.path("instance").asText());
            }
            lines.append(name).append('{');
            labels.properties().stream()
                    .filter(label -> !label.getKey().equals("__name__"))
                    .forEach(label -> lines.append(label.getKey())
                            .append("=\"")
                            .append(escaped(label.getValue().asText()))
                            .append("\","));
            lines.append("} ").append(value).append('\n');
        }

        private static String escaped(String text) {
            return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        }

        MetricsPage page(PodAddress pod, String namespace) throws Unreadable {
            if (at.isEmpty()) {
                throw new Unreadable("no series with namespace=\"%s\" and pod=\"%s\"".formatted(namespace, pod.name()));
            }
            if (scrapedAs.size() > 1) {
                throw new Unreadable("the pod is scraped more than once, so its counters would count twice: "
                        + cut(String.join(", ", scrapedAs)));
            }
            return MetricsPage.of(lines.toString(), names, pod.uid(), at.get());
        }
    }
}
