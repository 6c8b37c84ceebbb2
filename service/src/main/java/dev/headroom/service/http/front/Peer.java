package dev.headroom.service.http.front;

import io.helidon.common.socket.PeerInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.Optional;

/** One end of a connection. */
record Peer(InetSocketAddress address) implements PeerInfo {
    static Peer remote(SocketChannel channel) {
        try {
            return of(channel.getRemoteAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Peer local(SocketChannel channel) {
        try {
            return of(channel.getLocalAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Peer of(SocketAddress address) {
        return new Peer((InetSocketAddress) address);
    }

    @Override
    public String host() {
        return address.getHostString();
    }

    @Override
    public int port() {
        return address.getPort();
    }

    @Override
    public Optional<Principal> tlsPrincipal() {
        return Optional.empty();
    }

    @Override
    public Optional<Certificate[]> tlsCertificates() {
        return Optional.empty();
    }
}
