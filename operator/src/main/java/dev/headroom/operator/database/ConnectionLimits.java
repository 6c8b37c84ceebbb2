package dev.headroom.operator.database;

import java.time.Duration;
import java.util.Properties;

/**
 * How long a session may wait for the network and the server. Both ends send TCP keepalives, so that a way that is gone
 * without a word is noticed within a minute: here the thread that waits for an answer gets an exception, there the session
 * ends and gives its locks back (decision 0121).
 */
enum ConnectionLimits {
    /** Answers within seconds or fails: it runs on a reconcile thread. */
    LOOK(Duration.ofSeconds(30), "-c statement_timeout=20s -c lock_timeout=2s "),
    /** A build is silent for hours: only keepalives tell whether the server is there. */
    WORK(Duration.ZERO, "");

    static final int KEEPALIVE_IDLE_SECONDS = 30;
    static final int KEEPALIVE_INTERVAL_SECONDS = 10;
    static final int KEEPALIVE_PROBES = 3;
    private static final int UNACKNOWLEDGED_MILLIS =
            1000 * (KEEPALIVE_IDLE_SECONDS + KEEPALIVE_INTERVAL_SECONDS * KEEPALIVE_PROBES);

    private static final String KEEPALIVES_OF_THE_SERVER = "-c tcp_keepalives_idle=" + KEEPALIVE_IDLE_SECONDS
            + " -c tcp_keepalives_interval=" + KEEPALIVE_INTERVAL_SECONDS
            + " -c tcp_keepalives_count=" + KEEPALIVE_PROBES
            + " -c tcp_user_timeout=" + UNACKNOWLEDGED_MILLIS;

    private static final String CONNECT_SECONDS = "5";
    private static final String LOGIN_SECONDS = "5";

    private final Duration answer;
    private final String options;

    ConnectionLimits(Duration answer, String options) {
        this.answer = answer;
        this.options = options;
    }

    Properties properties(String purpose) {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "headroom-operator " + purpose);
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("loginTimeout", LOGIN_SECONDS);
        properties.setProperty("socketTimeout", String.valueOf(answer.toSeconds()));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("socketFactory", KeepAliveSockets.class.getName());
        properties.setProperty("options", options + KEEPALIVES_OF_THE_SERVER);
        return properties;
    }
}
