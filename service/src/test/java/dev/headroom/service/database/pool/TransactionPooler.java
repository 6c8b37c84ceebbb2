package dev.headroom.service.database.pool;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a transaction-mode PgBouncer does to sessions, as strictly as it can be done: each transaction of a client goes to
 * the server connection that has been idle longest, so with two of them hardly ever to the one before; startup options
 * are refused; of the session's settings only the time zone follows the client. A client brings its server connection
 * along when it connects, which spares the passwords.
 */
public final class TransactionPooler implements AutoCloseable {

    private static final int REQUESTS_SSL = 80877103;
    private static final int REQUESTS_GSS = 80877104;
    private static final int REQUESTS_CANCEL = 80877102;

    private final String host;
    private final int port;
    private final ServerSocket listener;
    private final BlockingQueue<Server> idle = new ArrayBlockingQueue<>(100);
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();

    /** A connection to the server, and the zone that its session is in. */
    private static final class Server {
        final DataInputStream in;
        final DataOutputStream out;
        String zone = "";

        Server(Socket socket) throws IOException {
            in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
            out = new DataOutputStream(new java.io.BufferedOutputStream(socket.getOutputStream()));
        }
    }

    private static final class Message {
        final int type;
        final byte[] body;

        Message(int type, byte[] body) {
            this.type = type;
            this.body = body;
        }

        static Message read(DataInputStream in) throws IOException {
            int type = in.readUnsignedByte();
            return new Message(type, in.readNBytes(in.readInt() - 4));
        }

        void write(DataOutputStream out) throws IOException {
            out.writeByte(type);
            out.writeInt(body.length + 4);
            out.write(body);
        }
    }

    public TransactionPooler(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public List<String> refused() {
        return refused;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                client.setTcpNoDelay(true);
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(client.getInputStream()));
            DataOutputStream out = new DataOutputStream(new java.io.BufferedOutputStream(client.getOutputStream()));
            byte[] startup = startup(in, out);
            if (startup.length > 0) {
                relay(in, out, connect(startup, in, out));
            }
        } catch (EOFException | SocketException gone) {
            // A client left, as clients do.
        } catch (IOException | InterruptedException e) {
            refused.add(e.toString());
        }
    }

    private byte[] startup(DataInputStream in, DataOutputStream out) throws IOException {
        while (true) {
            byte[] body = in.readNBytes(in.readInt() - 4);
            int code = java.nio.ByteBuffer.wrap(body).getInt();
            if (code == REQUESTS_SSL || code == REQUESTS_GSS) {
                out.writeByte('N');
                out.flush();
            } else if (code == REQUESTS_CANCEL) {
                send(body, server());
                return new byte[0];
            } else if (new String(body, UTF_8).contains("\0options\0")) {
                refused.add("options");
                return new byte[0];
            } else {
                return body;
            }
        }
    }

    private Socket server() throws IOException {
        Socket socket = new Socket(host, port);
        socket.setTcpNoDelay(true);
        open.add(socket);
        return socket;
    }

    private static DataOutputStream send(byte[] startup, Socket socket) throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(startup.length + 4);
        out.write(startup);
        out.flush();
        return out;
    }

    /** Passes the authentication through; the zone in force afterwards is the client's. */
    private String connect(byte[] startup, DataInputStream in, DataOutputStream out)
            throws IOException, InterruptedException {
        Socket socket = server();
        send(startup, socket);
        Server server = new Server(socket);
        while (true) {
            Message message = Message.read(server.in);
            message.write(out);
            boolean asks = message.type == 'R'
                    && java.nio.ByteBuffer.wrap(message.body).getInt() != 0
                    && java.nio.ByteBuffer.wrap(message.body).getInt() != 12;
            noteZone(message, server);
            if (asks) {
                out.flush();
                Message.read(in).write(server.out);
                server.out.flush();
            } else if (message.type == 'Z') {
                out.flush();
                idle.put(server);
                return server.zone;
            }
        }
    }

    private static void noteZone(Message message, Server server) {
        String text = new String(message.body, UTF_8);
        if (message.type == 'S' && text.startsWith("TimeZone\0")) {
            server.zone = text.substring(9, text.length() - 1);
        }
    }

    private void relay(DataInputStream in, DataOutputStream out, String zoneAtStart)
            throws IOException, InterruptedException {
        String zone = zoneAtStart;
        while (true) {
            Message first = Message.read(in);
            if (first.type == 'X') {
                return;
            }
            Server server = idle.take();
            follow(zone, server);
            first.write(server.out);
            int last = first.type;
            boolean transaction = true;
            while (transaction) {
                while (last != 'S' && last != 'Q') {
                    Message message = Message.read(in);
                    message.write(server.out);
                    last = message.type;
                }
                server.out.flush();
                transaction = answer(server, out) != 'I';
                last = 0;
            }
            zone = server.zone;
            idle.put(server);
        }
    }

    /** Relays the server's messages up to its readiness, and tells its state: I outside a transaction. */
    private static int answer(Server server, DataOutputStream out) throws IOException {
        while (true) {
            Message message = Message.read(server.in);
            noteZone(message, server);
            message.write(out);
            if (message.type == 'Z') {
                out.flush();
                return message.body[0];
            }
        }
    }

    private static void follow(String zone, Server server) throws IOException {
        if (!zone.equals(server.zone)) {
            new Message('Q', ("set time zone '" + zone + "'\0").getBytes(UTF_8)).write(server.out);
            server.out.flush();
            answer(server, new DataOutputStream(java.io.OutputStream.nullOutputStream()));
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
