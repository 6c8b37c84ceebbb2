package dev.headroom.service.http.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.testkit.LoggedLines;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The port by itself: {@code /ready} is answered by who reads it, everything else by Helidon. */
@Timeout(60)
class FrontTest {
    private static final int LARGE = 20 << 20;
    private static final String READY = request("/ready");

    private final List<Socket> clients = new ArrayList<>();
    private Express express = FrontTest::ready;
    private @Nullable Front front;

    private static String request(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    private static @Nullable Ready ready(Head head) {
        return head.equals(new Head(READY.getBytes(StandardCharsets.US_ASCII)))
                ? new Ready(
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                        "ready".getBytes(StandardCharsets.US_ASCII))
                : null;
    }

    private Front start(int port, int loops, int connections, Duration idle) throws IOException {
        var config = WebServer.builder()
                .backlog(1024)
                .maxTcpConnections(connections)
                .idleConnectionTimeout(idle)
                .buildPrototype();
        var http1 = Http1Config.builder()
                .addReceiveListener(new Http1ConnectionListener() {
                    @Override
                    public void prologue(ConnectionContext connection, HttpPrologue line) {
                        Requests.began(connection);
                    }
                })
                .receiveLog(false)
                .sendLog(false)
                .build();
        var routing = HttpRouting.builder().any((request, response) -> {
            String path = request.path().rawPath();
            if (path.startsWith("/slow")) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
            }
            try {
                response.send(new byte[path.endsWith("large") ? LARGE : 5]);
            } catch (UncheckedIOException left) {
                throw new CloseConnectionException("the client left", left);
            }
            Requests.ended();
        });
        Front started = new Front(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                config,
                new Front.Understanding(
                        Router.builder().addRouting(routing).build(),
                        DirectHandlers.create(),
                        List.of(Http1ConnectionSelector.builder().config(http1).build())),
                head -> express.answer(head),
                loops);
        front = started;
        return started;
    }

    private Socket client(Front to) throws IOException {
        Socket client = new Socket();
        clients.add(client);
        client.setReceiveBufferSize(4096);
        client.setSoTimeout(10_000);
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), to.port()));
        return client;
    }

    private static void send(Socket client, String what) throws IOException {
        client.getOutputStream().write(what.getBytes(StandardCharsets.US_ASCII));
    }

    /** How long the body of the next answer is; all of it is read. */
    private static int answer(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int one = in.read();
            assertThat(one).as("the connection ends after: %s", head).isNotNegative();
            head.append((char) one);
        }
        assertThat(head).startsWith("HTTP/1.1 200");
        int length = Integer.parseInt(head.toString().replaceAll("(?s).*Content-Length: (\\d+)\r.*", "$1"));
        assertThat(in.readNBytes(length)).hasSize(length);
        return length;
    }

    private static void pause(long millis) {
        await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        if (front != null) {
            front.stop(Duration.ofMillis(100));
        }
    }

    @Test
    void noMoreAreLetInThanThereIsRoomFor_howeverManyComeAtOnce_andTheLogSaysItOnce() throws IOException {
        LoggedLines log = LoggedLines.of(Front.class.getPackage());
        var free = new CountDownLatch(1);
        express = head -> {
            try {
                free.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return ready(head);
        };
        Front three = start(0, 1, 3, Duration.ofSeconds(30));
        send(client(three), READY);
        await().until(() -> three.connections() == 1);
        for (int i = 0; i < 40; i++) {
            send(client(three), READY);
        }
        free.countDown();
        await().during(Duration.ofMillis(500)).until(() -> three.connections() <= 3);
        for (Socket client : List.copyOf(clients)) { // each leaves room for the next
            assertThat(answer(client)).isEqualTo(5);
            client.close();
        }
        await().untilAsserted(() -> assertThat(log.lines()).hasSize(1));
        assertThat(log.lines().getFirst()).contains("server.max-connections", "server.idle-timeout");
        log.close();
    }

    @Test
    void severalLoopsShareTheConnections() throws IOException {
        Map<String, Boolean> threads = new ConcurrentHashMap<>();
        express = head -> {
            threads.put(Thread.currentThread().getName(), true);
            return ready(head);
        };
        Front wide = start(0, 3, 1000, Duration.ofSeconds(30));
        for (int i = 0; i < 60; i++) {
            client(wide);
        }
        for (int round = 0; round < 10; round++) {
            for (Socket client : clients) {
                send(client, round % 3 == 0 ? request("/other") : READY);
            }
            for (Socket client : clients) {
                assertThat(answer(client)).isEqualTo(5);
            }
        }
        assertThat(threads).hasSize(3);
        assertThat(wide.connections()).isEqualTo(60);
        for (Socket client : clients) {
            client.close();
        }
        await().until(() -> wide.connections() == 0);
    }

    @Test
    void whoGoesOnSendingAfterItsLastAnswerIsSentAwayAllTheSame() throws IOException {
        Front any = start(0, 1, 10, Duration.ofSeconds(30));
        Socket client = client(any);
        send(client, "GET / HTTP/1.1\r\nno header\r\n\r\n");
        long began = System.nanoTime();
        assertThatThrownBy(() -> {
                    while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(8)) {
                        send(client, "more");
                        pause(100);
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void anAnswerThatTookLongIsReadLikeEveryOther_andTheNextRequestHasItsTime() throws IOException {
        Front impatient = start(0, 1, 10, Duration.ofSeconds(4));
        Socket reader = client(impatient);
        Socket asker = client(impatient);
        send(reader, request("/slow/large"));
        send(asker, request("/slow/little"));
        assertThat(answer(asker)).isEqualTo(5);
        pause(1500); // a look at the clock falls into that
        send(asker, request("/little"));
        assertThat(answer(asker)).isEqualTo(5);
        assertThat(answer(reader)).isEqualTo(LARGE);
    }

    @Test
    void anErrorAnsweringOneIsNotThatOfTheOthers() throws IOException {
        var broken = new AtomicBoolean(true);
        express = head -> {
            if (broken.get()) {
                throw new StackOverflowError("of a test");
            }
            return ready(head);
        };
        Front any = start(0, 1, 10, Duration.ofSeconds(30));
        Socket first = client(any);
        Socket second = client(any);
        send(first, READY);
        assertThat(first.getInputStream().read()).isNegative();
        broken.set(false);
        send(second, READY);
        assertThat(answer(second)).isEqualTo(5);
    }

    private static void comeAgainAndAgain(int port, String asked, AtomicBoolean over) {
        while (!over.get()) {
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                client.setSoTimeout(2_000);
                send(client, asked);
                int _ = client.getInputStream().read();
            } catch (IOException refused) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void itIsStartedAndStoppedAnyNumberOfTimes_alsoWhileClientsCome() throws Exception {
        Front first = start(0, 2, 1000, Duration.ofSeconds(30));
        int port = first.port();
        first.stop(Duration.ofMillis(50));
        var over = new AtomicBoolean();
        List<Thread> busy = new ArrayList<>();
        for (String asked : List.of(READY, request("/other"), READY, request("/other"))) {
            busy.add(Thread.ofPlatform().start(() -> comeAgainAndAgain(port, asked, over)));
        }
        List<Throwable> uncaught = new ArrayList<>();
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> uncaught.add(fault));
        try (LoggedLines log = LoggedLines.ofAll()) {
            for (int time = 0; time < 100; time++) {
                Front each = start(port, 2, 1000, Duration.ofSeconds(30));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                each.stop(Duration.ofMillis(50));
            }
            assertThat(log.written()).isEmpty();
            assertThat(uncaught).isEmpty();
        } finally {
            over.set(true);
            Thread.setDefaultUncaughtExceptionHandler(before);
            for (Thread each : busy) {
                each.join();
            }
        }
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("front-")));
    }
}
