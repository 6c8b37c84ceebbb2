package dev.headroom.operator.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.util.Map;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;

/** Sockets with the keepalive of {@link ConnectionLimits}: the system's own begins after two hours of silence. */
public final class KeepAliveSockets extends SocketFactory {
    private static final Map<SocketOption<Integer>, Integer> TIMES = Map.of(
            ExtendedSocketOptions.TCP_KEEPIDLE, ConnectionLimits.KEEPALIVE_IDLE_SECONDS,
            ExtendedSocketOptions.TCP_KEEPINTERVAL, ConnectionLimits.KEEPALIVE_INTERVAL_SECONDS,
            ExtendedSocketOptions.TCP_KEEPCOUNT, ConnectionLimits.KEEPALIVE_PROBES);

    /** Called by pgjdbc, which finds this class by the property socketFactory and connects the socket itself. */
    @Override
    public Socket createSocket() throws IOException {
        Socket socket = new Socket();
        socket.setKeepAlive(true);
        for (Map.Entry<SocketOption<Integer>, Integer> time : TIMES.entrySet()) {
            if (socket.supportedOptions().contains(time.getKey())) {
                socket.setOption(time.getKey(), time.getValue());
            }
        }
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw new IOException("not connected here");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
        throw new IOException("not connected here");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw new IOException("not connected here");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
        throw new IOException("not connected here");
    }
}
