package dev.headroom.testkit;

/** A server that a test may hurt. After each of the verbs it is at the same address as before. */
public interface TestServer extends AutoCloseable {

    String host();

    int port();

    /** Stops it in an orderly way and starts it again; existing connections break. */
    void restart();

    /** Ends all its processes at once, as a power cut or the OOM killer does; {@link #start()} brings it back. */
    void kill();

    /** Starts it after a {@link #kill()}. */
    void start();

    /** Freezes it: connections stay open, nothing answers. */
    void suspend();

    /** Ends a {@link #suspend()}. */
    void resume();

    /** Stops it and removes its data. */
    @Override
    void close();
}
