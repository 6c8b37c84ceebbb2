package dev.headroom.testkit;

/** A Redis server that a test may hurt. After each of the verbs it is at the same address as before, and empty. */
public interface RedisServer extends AutoCloseable {

    String host();

    int port();

    /** {@code redis://host:port/database}, with the password when there is one. */
    String url();

    /** Stops it in an orderly way and starts it again; connections break, what was stored is lost. */
    void restart();

    /** Ends it at once; {@link #start()} brings it back. */
    void kill();

    /** Starts it after a {@link #kill()}. */
    void start();

    /** Freezes it: connections stay open, nothing answers. */
    void suspend();

    /** Ends a {@link #suspend()}. */
    void resume();

    @Override
    void close();
}
