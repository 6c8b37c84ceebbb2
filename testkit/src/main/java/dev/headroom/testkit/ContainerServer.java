package dev.headroom.testkit;

import dev.headroom.testkit.process.Await;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A server in a container of its own. */
interface ContainerServer extends TestServer {

    Container container();

    /** Whether it answers: Docker's proxy accepts connections before the server does. */
    boolean answers();

    @Override
    default String host() {
        return container().host();
    }

    @Override
    default int port() {
        return container().port();
    }

    @Override
    default void restart() {
        container().restart();
        awaitAnswers();
    }

    @Override
    default void kill() {
        container().kill();
    }

    @Override
    default void start() {
        container().start();
        awaitAnswers();
    }

    private void awaitAnswers() {
        try {
            Await.until("the server in its container to answer", this::answers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    default void suspend() {
        container().suspend();
    }

    @Override
    default void resume() {
        container().resume();
    }

    @Override
    default void close() {
        container().close();
    }
}
