package dev.headroom.testkit;

/** A server that somebody else runs: it is used, and not hurt. */
interface ExternalServer extends TestServer {

    /** Why a test that would hurt it does not run, and where it does. */
    Skipped refusal();

    @Override
    default void restart() {
        throw refusal();
    }

    @Override
    default void kill() {
        throw refusal();
    }

    @Override
    default void start() {
        throw refusal();
    }

    @Override
    default void suspend() {
        throw refusal();
    }

    @Override
    default void resume() {
        throw refusal();
    }

    @Override
    default void close() {
        // It is not ours.
    }
}
