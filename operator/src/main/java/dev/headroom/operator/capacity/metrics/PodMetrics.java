package dev.headroom.operator.capacity.metrics;

import dev.headroom.operator.capacity.metrics.MetricsPage.Unreadable;
import dev.headroom.operator.crd.MetricsSpec;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** Asks each pod for its page, all at once, each for no longer than two seconds. */
public final class PodMetrics implements MetricsSource {

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int LARGEST_PAGE = 16 << 20;
    private static final String TOO_LATE = "no whole answer within " + 2 * LIMIT.toSeconds() + " s";

    private final HttpClient http;
    private final MetricsSpec spec;
    private final InstantSource time;

    public PodMetrics(HttpClient http, MetricsSpec spec, InstantSource time) {
        this.http = http;
        this.spec = spec;
        this.time = time;
    }

    /** A client whose connections stay open between two rounds. */
    public static HttpClient client() {
        return builder().build();
    }

    /** The same with trust of its own. */
    public static HttpClient client(SSLContext trust) {
        return builder().sslContext(trust).build();
    }

    private static HttpClient.Builder builder() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .followRedirects(HttpClient.Redirect.NEVER);
    }

    @Override
    public Answers scrape(List<PodAddress> pods) throws InterruptedException {
        Map<String, MetricsPage> pages = new ConcurrentHashMap<>();
        Map<String, String> failures = new ConcurrentHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (PodAddress pod : pods) {
                threads.execute(() -> scrape(pod, pages, failures));
            }
            threads.shutdown();
            if (!threads.awaitTermination(2 * LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        }
        return new Answers(pages, failures);
    }

    private void scrape(PodAddress pod, Map<String, MetricsPage> pages, Map<String, String> failures) {
        String uri = "http://" + (pod.ip().contains(":") ? "[" + pod.ip() + "]" : pod.ip()) + ":" + spec.port()
                + spec.path();
        try {
            pages.put(pod.uid(), page(address(uri), pod));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.put(pod.name(), uri + ": " + TOO_LATE);
        } catch (IOException | Unreadable e) {
            boolean late = Thread.currentThread().isInterrupted() || e.getCause() instanceof InterruptedException;
            failures.put(pod.name(), uri + ": " + (late ? TOO_LATE : inWords(e)));
        }
    }

    private MetricsPage page(URI uri, PodAddress pod) throws IOException, InterruptedException, Unreadable {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(LIMIT)
                .header("Accept", "text/plain;version=0.0.4")
                .build();
        HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        Instant at = time.instant();
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            return MetricsPage.of(body, LARGEST_PAGE, spec.names(), pod.uid(), at);
        }
    }

    /** An address that requests can go to. */
    static URI address(String url) throws IOException {
        try {
            URI address = new URI(url);
            if (address.getHost() != null) {
                return address;
            }
        } catch (URISyntaxException e) {
            throw new IOException("it is no address: " + e.getReason(), e);
        }
        throw new IOException("it has no host name, which is made of letters, digits, \"-\" and \".\"");
    }

    static String inWords(Throwable failure) {
        return switch (failure) {
            case HttpConnectTimeoutException e -> "no connection within " + LIMIT.toSeconds() + " s";
            case HttpTimeoutException e -> "no answer within " + LIMIT.toSeconds() + " s";
            case ConnectException e -> "connection refused";
            default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        };
    }
}
