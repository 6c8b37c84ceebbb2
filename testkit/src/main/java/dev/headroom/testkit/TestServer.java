package dev.headroom.testkit;

import java.util.function.Supplier;

/**
 * A server that a test may hurt; after each of the verbs it is at the same address as before. One that somebody else runs
 * is only used: the tests that would hurt it are skipped.
 */
public interface TestServer extends AutoCloseable {

    /** Why a test does not run on somebody else's server, and where it does. */
    Supplier<Skipped> NOT_OURS = () -> Skipped.because(
            "it needs a server of its own to configure, restart, freeze or kill", "TEST_BACKEND=embedded");

    String host();

    int port();

    /** Stops it in an orderly way and starts it again; existing connections break. */
    default void restart() {
        throw NOT_OURS.get();
    }

    /** Ends all its processes at once, as a power cut or the OOM killer does; {@link #start()} brings it back. */
    default void kill() {
        throw NOT_OURS.get();
    }

    /** Starts it after a {@link #kill()}. */
    default void start() {
        throw NOT_OURS.get();
    }

    /** Freezes it: connections stay open, nothing answers. */
    default void suspend() {
        throw NOT_OURS.get();
    }

    /** Ends a {@link #suspend()}. */
    default void resume() {
        throw NOT_OURS.get();
    }

    /** Stops it and removes its data, unless it is somebody else's. */
    @Override
    default void close() {}
}
