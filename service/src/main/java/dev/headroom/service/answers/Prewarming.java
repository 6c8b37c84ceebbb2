package dev.headroom.service.answers;

import dev.headroom.service.cache.Hearing;
import dev.headroom.service.catalog.Arguments;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.database.profile.StatementProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * At the start, has the answers computed that their catalogs want to be there before anybody asks: one after the other,
 * because the database has other things to do. Where another instance has them they come from Redis.
 */
final class Prewarming {
    private static final System.Logger LOG = System.getLogger(Prewarming.class.getName());

    /** What is computed before changes are heard of would be thrown away when they are. */
    private static final Duration UNTIL_HEARING = Duration.ofSeconds(5);

    private final List<CachedEndpoint> endpoints;
    private final Optional<Hearing> hearing;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread thread;

    /** @param hearing of changes, where they are heard of */
    Prewarming(List<CachedEndpoint> all, Optional<Hearing> hearing) {
        this.endpoints = all.stream().filter(each -> each.endpoint().prewarm()).toList();
        this.hearing = hearing;
        this.thread = Thread.ofVirtual().name("prewarming").unstarted(this::run);
    }

    /** Returns when everything is there, or after that time, whichever comes first. */
    void start(Duration patience) throws InterruptedException {
        if (!endpoints.isEmpty()) {
            thread.start();
            boolean _ = done.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void run() {
        try {
            if (hearing.isPresent()) {
                hearing.get().awaitCovered(UNTIL_HEARING);
            }
            for (CachedEndpoint each : endpoints) {
                warm(each);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            done.countDown();
        }
    }

    private static void warm(CachedEndpoint each) throws InterruptedException {
        Endpoint endpoint = each.endpoint();
        try {
            Arguments standard = endpoint.read(Map.of(), Map.of());
            StatementProfile.inBackground("prewarming", () -> each.served(standard, false));
        } catch (RuntimeException failed) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "endpoint {0} could not be prewarmed, its first request will compute it: {1}",
                    endpoint.name(),
                    failed.getMessage());
        }
    }

    void stop() {
        thread.interrupt();
    }
}
