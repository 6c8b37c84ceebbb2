package dev.headroom.service.http.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** What is broken on it does not end it: with it all connections would end. */
class LoopTest {

    @Test
    void anErrandThatFailsInWhateverWayIsNotThatOfTheNext() throws Exception {
        Loop loop = new Loop("loop-of-a-test");
        loop.start();
        loop.errand(() -> {
            throw new OutOfMemoryError("of a test");
        });
        goesOn(loop);
        loop.stop();
    }

    @Test
    void whoFailsAtFailingIsNotThatOfTheOthers() throws Exception {
        Loop loop = new Loop("loop-of-a-test");
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        var failed = new CountDownLatch(1);
        SelectionKey key = loop.register(pipe.source(), SelectionKey.OP_READ, new Loop.Watched() {
            @Override
            public void ready() throws IOException {
                throw new IOException("of a test");
            }

            @Override
            public void tick() {}

            @Override
            public void failed() {
                failed.countDown();
                throw new IllegalStateException("of a test");
            }
        });
        loop.start();
        pipe.sink().write(java.nio.ByteBuffer.wrap(new byte[1]));
        assertThat(failed.await(5, TimeUnit.SECONDS)).isTrue();
        key.cancel();
        goesOn(loop);
        loop.stop();
    }

    @Test
    void aLogThatIsStuckDoesNotStopItAndFaultsDoNotFloodIt() throws Exception {
        Logger logger = Logger.getLogger(Loop.class.getName());
        var fault = new IllegalStateException("of this test");
        var stacks = new AtomicInteger();
        var numbers = new CountDownLatch(1);
        var stuck = new Semaphore(0);
        logger.setFilter(line -> {
            if (fault.equals(line.getThrown())) {
                stacks.incrementAndGet();
                stuck.acquireUninterruptibly();
            } else if (line.getMessage().contains("more faults")) {
                numbers.countDown();
            }
            return false;
        });
        Loop loop = new Loop("loop-of-a-test");
        loop.start();
        try {
            for (int times = 0; times < 1_000; times++) {
                loop.errand(() -> {
                    throw fault;
                });
            }
            goesOn(loop);
            await().untilAsserted(() -> assertThat(stacks).hasValue(5));
        } finally {
            stuck.release(1_000);
            loop.stop();
        }
        assertThat(numbers.await(5, TimeUnit.SECONDS))
                .as("it is said how many more there were")
                .isTrue();
        assertThat(stacks).hasValue(5);
        logger.setFilter(null);
    }

    private static void goesOn(Loop loop) throws InterruptedException {
        var done = new CountDownLatch(1);
        loop.errand(done::countDown);
        assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
    }
}
