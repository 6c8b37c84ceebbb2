package dev.headroom.charts.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * What runs inside of the cluster: {@code requests URL FROM TO} sends requests at a rate that rises within half a minute, and
 * prints what became of each, {@code connect
 * HOST:PORT…} tries to connect. It runs on the Java runtime of the service's image and needs nothing but this class.
 */
final class InClusterMain {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** How long connections are used: a Service chooses a pod for each connection, so old ones never reach new pods. */
    private static final Duration CLIENT_LIFE = Duration.ofSeconds(2);

    private static final double RISE_SECONDS = 30;

    private InClusterMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        switch (arguments[0]) {
            case "requests" ->
                sendRequests(
                        URI.create(arguments[1]), Double.parseDouble(arguments[2]), Double.parseDouble(arguments[3]));
            case "connect" -> connect(List.of(arguments).subList(1, arguments.length));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /**
     * Sends requests at random (Poisson), whether earlier ones were answered or not. A latency counts from the moment at
     * which the request was due.
     */
    private static void sendRequests(URI url, double from, double to) {
        Random random = new Random(15);
        long start = System.nanoTime();
        double due = 0;
        HttpClient client = newClient();
        long born = start;
        var requests = Executors.newVirtualThreadPerTaskExecutor();
        while (true) {
            double rate = from + (to - from) * Math.min(due / RISE_SECONDS, 1);
            due -= Math.log(1 - random.nextDouble()) / rate;
            long dueNanos = start + (long) (due * 1e9);
            while (System.nanoTime() < dueNanos) {
                LockSupport.parkNanos(dueNanos - System.nanoTime());
            }
            if (System.nanoTime() - born > CLIENT_LIFE.toNanos()) {
                HttpClient old = client;
                requests.execute(() -> closeLater(old));
                client = newClient();
                born = System.nanoTime();
            }
            HttpClient current = client;
            requests.execute(() -> sendRequest(current, url, dueNanos));
        }
    }

    /** Once every request that has it will have ended. */
    private static void closeLater(HttpClient client) {
        LockSupport.parkNanos(PATIENCE.plusSeconds(10).toNanos());
        client.close();
    }

    private static HttpClient newClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
    }

    private static void sendRequest(HttpClient client, URI url, long dueNanos) {
        String id = UUID.randomUUID().toString();
        String digits = id.replace("-", "");
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(PATIENCE)
                .header("X-Request-Id", id)
                .header("traceparent", "00-" + digits + "-" + digits.substring(16) + "-00")
                .build();
        String outcome;
        try {
            outcome = Integer.toString(client.send(request, HttpResponse.BodyHandlers.ofByteArray())
                    .statusCode());
        } catch (IOException e) {
            outcome = e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        System.out.println("request %d %s".formatted((System.nanoTime() - dueNanos) / 1_000_000, outcome));
    }

    private static void connect(List<String> addresses) throws InterruptedException {
        List<Thread> attempts = new ArrayList<>();
        for (String address : addresses) {
            attempts.add(Thread.startVirtualThread(() -> connect(address)));
        }
        for (Thread attempt : attempts) {
            attempt.join();
        }
    }

    private static void connect(String address) {
        int colon = address.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
                    (int) CONNECT.toMillis());
            System.out.println("connect " + address + " open");
        } catch (IOException e) {
            System.out.println("connect " + address + " closed: " + e);
        }
    }
}
