package dev.headroom.testkit;

/** A Redis server; after a restart or a kill it is empty. */
public interface RedisServer extends TestServer {

    /** {@code redis://host:port/database}, with the password when there is one. */
    String url();
}
