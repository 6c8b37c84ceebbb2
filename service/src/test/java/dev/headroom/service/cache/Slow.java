package dev.headroom.service.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** A computation that has read its answer, and does not come to its end before it is let. */
final class Slow implements Computation {
    private final String body;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch let = new CountDownLatch(1);

    Slow(String body) {
        this.body = body;
    }

    /** A request that waits for one. */
    record Request(Slow computation, CompletableFuture<Served> served) {
        /** Lets it end; what the request got. */
        String end() {
            computation.end();
            return Fleet.text(served.join());
        }
    }

    /** The instance's request for this answer, which is being computed. */
    static Request request(Caching instance, String body) throws InterruptedException {
        var slow = new Slow(body);
        var served = CompletableFuture.supplyAsync(
                () -> Fleet.get(instance, Fleet.POLICY, slow), Thread::startVirtualThread);
        slow.awaitBegun();
        return new Request(slow, served);
    }

    @Override
    public Optional<byte[]> compute() {
        begun.countDown();
        await().until(() -> let.getCount() == 0);
        return Optional.of(body.getBytes(UTF_8));
    }

    void awaitBegun() throws InterruptedException {
        begun.await();
    }

    void end() {
        let.countDown();
    }
}
