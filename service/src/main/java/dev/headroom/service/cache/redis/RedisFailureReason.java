package dev.headroom.service.cache.redis;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Why Redis does not answer, and what to set. The server is quoted; the client library is not. */
public final class RedisFailureReason {
    private RedisFailureReason() {}

    /** What is wrong, by the deepest cause. */
    public static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String said = String.valueOf(root.getMessage());
        if (said.startsWith(TrustedCertificates.SETTING)) {
            return said;
        }
        return switch (root) {
            case JedisDataException _ -> said;
            case UnknownHostException _ ->
                "its name does not resolve; check redis.url, redis.sentinel.nodes or redis.cluster.nodes";
            case SocketTimeoutException _ ->
                said.toLowerCase(Locale.ROOT).contains("connect")
                        ? "no connection within redis.connect-timeout"
                        : "no answer within redis.read-timeout";
            case ConnectException _ -> "the connection is refused; is Redis running there?";
            case NoRouteToHostException _ -> "there is no way to that host";
            case GeneralSecurityException _ ->
                said.contains("subject alternative")
                        ? "its certificate is for another name than the one by which Redis is asked for"
                        : "its certificate is not trusted; check redis.trust-store";
            case SSLException _ -> "TLS could not be agreed on; check redis.tls and what Redis speaks on that port";
            case JedisClusterOperationException _ -> "no node of the cluster answers; check redis.cluster.nodes";
            case JedisException _
            when said.contains("not monitored") ->
                "the sentinels know no master of that name; check redis.sentinel.master";
            case JedisException _
            when said.contains("sentinels down") ->
                "no sentinel answers; check redis.sentinel.nodes and the sentinels' user and password";
            default -> "the connection broke or could not be opened";
        };
    }
}
