package dev.headroom.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Connections that carry watches, some dozens each.
 *
 * <p>One connection is not enough: an API server allows 100 to 250 streams on it, and the first watch above that waits for
 * ever. A connection for each watch is too much: 500 of them keep 30 MB of TLS buffers.
 */
final class WatchLines implements AutoCloseable {

    /** Well below what any API server, or a proxy before it, allows. */
    private static final int WATCHES_ON_ONE = 64;

    private final KubernetesClient like;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Line> lines = new ArrayList<>();

    /** @param like to the same server, as the same user */
    WatchLines(KubernetesClient like) {
        this.like = like;
    }

    /** The fullest that has room, so that the others empty and go. */
    synchronized Line take() {
        Line line = lines.stream()
                .filter(each -> each.watches < WATCHES_ON_ONE)
                .max((one, other) -> Integer.compare(one.watches, other.watches))
                .orElseGet(this::open);
        line.watches++;
        return line;
    }

    private Line open() {
        Line line = new Line(new KubernetesClientBuilder()
                .withConfig(like.getConfiguration())
                .withKubernetesSerialization(like.getKubernetesSerialization())
                .withHttpClientFactory(new LineFactory())
                .withTaskExecutor(threads)
                .build());
        lines.add(line);
        return line;
    }

    @Override
    public synchronized void close() {
        lines.forEach(line -> line.client.close());
        lines.clear();
        threads.shutdown();
    }

    /** One connection. */
    final class Line {

        private final KubernetesClient client;
        private int watches;

        private Line(KubernetesClient client) {
            this.client = client;
        }

        KubernetesClient client() {
            return client;
        }

        /** One watch less; called once for each {@link #take}. */
        void release() {
            synchronized (WatchLines.this) {
                watches--;
                if (watches == 0 && lines.remove(this)) {
                    client.close();
                }
            }
        }
    }

    /** HTTP/2 where the server speaks it under TLS; the rest of the operator has HTTP/1.1. */
    private final class LineFactory extends JdkHttpClientFactory {
        @Override
        protected void additionalConfig(HttpClient.Builder builder) {
            boolean tls = like.getConfiguration().getMasterUrl().startsWith("https:");
            builder.version(tls ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
            builder.executor(threads);
        }
    }
}
