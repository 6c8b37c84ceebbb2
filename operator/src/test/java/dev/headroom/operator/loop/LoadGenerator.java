package dev.headroom.operator.loop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;

/**
 * Clients and the proxy before the pods. Requests come at random (Poisson) at the rate of a schedule, whether earlier ones
 * were answered or not. Like many proxies it takes two ready pods at random and sends the request to the one with fewer requests in
 * flight, so that a pod with a new JVM is not overrun. A request whose connection broke goes to another pod, which is
 * counted, and the first pod gets none for a while. A latency counts from the moment at which the request was due.
 */
final class LoadGenerator implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final double NANOS = 1e9;

    /** For how long a pod gets no requests after a connection to it broke. */
    private static final double EJECTED_SECONDS = 2;

    /** What became of a request; times in seconds since the start. */
    private record Result(double at, double seconds) {}

    /** The requests that were answered within some time. */
    record Answered(int requests, double p95Millis) {}

    private final Supplier<List<URI>> endpoints;
    private volatile DoubleUnaryOperator rateAt;
    private final HttpClient http;
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread arrivals;
    private final Queue<Result> results = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Map<URI, Double> brokenAt = new ConcurrentHashMap<>();
    private final Map<URI, AtomicInteger> inFlight = new ConcurrentHashMap<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger retried = new AtomicInteger();
    private final Random random = new Random(14);
    private final long start = System.nanoTime();
    private volatile boolean stopping;

    /** @param endpoints where the ready pods answer now */
    LoadGenerator(Supplier<List<URI>> endpoints, LoadSchedule schedule) {
        this.endpoints = endpoints;
        this.rateAt = schedule::rateAt;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        this.arrivals = Thread.ofPlatform().daemon().name("arrivals").start(this::arrive);
    }

    private void arrive() {
        double due = 0;
        while (!stopping) {
            due -= Math.log(1 - random.nextDouble()) / Math.max(rateAt.applyAsDouble(due), 0.1);
            while (!stopping && second() < due) {
                LockSupport.parkNanos((long) ((due - second()) * NANOS));
            }
            double at = due;
            if (!stopping) {
                requests.execute(() -> request(at));
            }
        }
    }

    private void request(double due) {
        sent.incrementAndGet();
        String id = UUID.randomUUID().toString();
        try {
            try {
                ask(id);
            } catch (IOException broken) {
                retried.incrementAndGet();
                ask(id);
            }
        } catch (IOException e) {
            failures.add("after " + (int) due + " s: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        results.add(new Result(second(), second() - due));
    }

    private void ask(String id) throws IOException, InterruptedException {
        URI pod = lessBusy(endpoints.get());
        AtomicInteger there = inFlight(pod);
        there.incrementAndGet();
        try {
            HttpRequest request = HttpRequest.newBuilder(pod)
                    .timeout(PATIENCE)
                    .header("Accept-Encoding", "gzip")
                    .header("X-Request-Id", id)
                    .header(
                            "traceparent",
                            "00-" + id.replace("-", "") + "-" + id.substring(19).replace("-", "") + "-00")
                    .build();
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                failures.add(pod + ": " + answer.statusCode());
            }
        } catch (IOException broken) {
            brokenAt.put(pod, second());
            throw broken;
        } finally {
            there.decrementAndGet();
        }
    }

    private URI lessBusy(List<URI> endpoints) throws IOException {
        double now = second();
        List<URI> ready = endpoints.stream()
                .filter(pod -> now - brokenAt.getOrDefault(pod, -EJECTED_SECONDS) >= EJECTED_SECONDS)
                .toList();
        if (ready.isEmpty()) {
            throw new IOException("no pod is ready");
        }
        URI one = ready.get(ThreadLocalRandom.current().nextInt(ready.size()));
        URI other = ready.get(ThreadLocalRandom.current().nextInt(ready.size()));
        return inFlight(one).get() <= inFlight(other).get() ? one : other;
    }

    private AtomicInteger inFlight(URI pod) {
        return inFlight.computeIfAbsent(pod, each -> new AtomicInteger());
    }

    /** From now on so many requests a second, whatever the schedule says. */
    void stayAt(double rate) {
        rateAt = _ -> rate;
    }

    /** Seconds since the start. */
    double second() {
        return (System.nanoTime() - start) / NANOS;
    }

    /** The answers between two moments, in seconds since the start. */
    Answered between(double from, double to) {
        double[] seconds = results.stream()
                .filter(result -> result.at >= from && result.at < to)
                .mapToDouble(Result::seconds)
                .sorted()
                .toArray();
        return new Answered(
                seconds.length, seconds.length == 0 ? 0 : 1000 * seconds[(int) Math.ceil(0.95 * seconds.length) - 1]);
    }

    int sent() {
        return sent.get();
    }

    /** Requests whose connection broke and that were sent once more. */
    int retried() {
        return retried.get();
    }

    /** One line for each request that was not answered with 200. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Sends no more, and waits for the answers that are due. */
    void stop() {
        stopping = true;
        LockSupport.unpark(arrivals);
        requests.close();
    }

    @Override
    public void close() {
        stop();
        http.close();
    }
}
