package dev.headroom.operator.database;

import java.util.Properties;

/** How long a session may wait for the network and the server. Seconds, as pgjdbc takes them. */
enum ConnectionLimits {
    /** Answers within seconds or fails: it runs on a reconcile thread. */
    LOOK("30", "-c statement_timeout=20s -c lock_timeout=2s"),
    /** A build is silent for hours: only keep-alives tell whether the server is there. */
    WORK("0", "");

    private static final String CONNECT_SECONDS = "5";
    private static final String LOGIN_SECONDS = "10";

    private final String socketSeconds;
    private final String options;

    ConnectionLimits(String socketSeconds, String options) {
        this.socketSeconds = socketSeconds;
        this.options = options;
    }

    Properties properties(String purpose) {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "headroom-operator " + purpose);
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("loginTimeout", LOGIN_SECONDS);
        properties.setProperty("socketTimeout", socketSeconds);
        properties.setProperty("tcpKeepAlive", "true");
        if (!options.isEmpty()) {
            properties.setProperty("options", options);
        }
        return properties;
    }
}
