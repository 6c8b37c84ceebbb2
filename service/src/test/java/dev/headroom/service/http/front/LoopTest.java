package dev.headroom.service.http.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

    private static void goesOn(Loop loop) throws InterruptedException {
        var done = new CountDownLatch(1);
        loop.errand(done::countDown);
        assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
    }
}
