package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.catalog.BundledCatalog;
import dev.headroom.testkit.LoggedLines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A browser tab that is closed is no fault of ours, and at night nobody wants to read its stack. */
class ClientsThatLeaveTest {

    /** More than the buffers of both ends take: one answer is streamed, the other sent at once. */
    private static final String LONG_ROWS = """
            insert into specs (id, title) select 'long-' || n, 'Long' from generate_series(1, 400) n;
            insert into impls (spec_id, library_id, language_id, preview_url_light)
            select 'long-' || n, 'plotly', 'python', repeat('u', 50000) from generate_series(1, 400) n""";

    @ParameterizedTest
    @ValueSource(strings = {"/plots/filter", "/libraries/plotly/images"})
    void whoLeavesInTheMiddleOfAnAnswerLeavesNoStackInTheLog(String path) throws IOException {
        try (BundledCatalog plots = BundledCatalog.migrated("plots").fill("plots.sql")) {
            plots.execute(LONG_ROWS);
            leaves(path, plots);
        }
    }

    private static void leaves(String path, BundledCatalog plots) throws IOException {
        try (RunningService service = RunningService.on(plots.postgres(), "--catalogs.enabled=plots");
                LoggedLines log = LoggedLines.ofAll()) {
            leaveAfterTheFirstByte(service.service().port(), path);

            await().until(() -> service.admin("/metrics").body().contains("http_server_active_requests 0"));
            await().during(Duration.ofMillis(300))
                    .until(() -> log.written().stream().noneMatch(line -> line.contains("Exception")));
            assertThat(service.get("/stats").statusCode()).isEqualTo(200);
        }
    }

    private static void leaveAfterTheFirstByte(int port, String path) throws IOException {
        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(4096);
            client.setSoLinger(true, 0);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            client.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().read()).isEqualTo('H');
        }
    }
}
