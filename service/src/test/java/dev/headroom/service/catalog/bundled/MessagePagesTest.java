package dev.headroom.service.catalog.bundled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headroom.service.catalog.BadParameter;
import dev.headroom.service.catalog.BundledCatalog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading a channel backwards, page by page: nothing is lost, nothing comes twice. */
class MessagePagesTest {
    private static final String CHANNEL = "00000000-0000-0000-0000-0000000000c4";
    private static final int MESSAGES = 200;

    private static BundledCatalog agents;

    /** Seven at a moment, so that a page ends in the middle of one. */
    @BeforeAll
    static void fill() {
        agents = BundledCatalog.migrated("agents").fill("agents.sql");
        agents.execute("""
                insert into messages (channel_id, author_type, content, created_at)
                select '%s', 'user', n, timestamptz '2025-06-01 00:00:00.000001+02' + n / 7 * interval '1 microsecond'
                from generate_series(1, %d) n""".formatted(CHANNEL, MESSAGES));
    }

    @AfterAll
    static void close() {
        agents.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 13, 200, 5000})
    void aChannelReadBackwardsByItsFirstMessageIsTheChannelReadByOffset(int limit) throws IOException {
        List<String> byOffset = backwards(limit, read -> "&offset=" + read.size());
        List<String> byMessage = backwards(
                limit,
                read -> read.isEmpty() ? "" : "&before=" + read.getFirst().replace(' ', ','));

        assertThat(byMessage).isEqualTo(byOffset).hasSize(MESSAGES).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday",
                "now",
                "2025-06-01",
                "2025-13-01T00:00:00Z",
                "2025-06-32T00:00:00Z",
                "2025-06-31T00:00:00Z",
                "2025-02-29T00:00:00Z",
                "1900-02-29T00:00:00Z",
                "2026-02-30T10:00:00,123e4567-e89b-12d3-a456-426614174000",
                "2025-06-01T00:00:00+16:00",
                "2025-06-01T00:00:00-15:60",
                "2025-06-01T24:00:00Z",
                "0000-06-01T00:00:00Z",
                "2025-06-01T00:00:00Z,7",
                "2025-06-01T00:00:00Z,",
                "1,2,3"
            })
    void anUnreadablePlaceIsRefusedByItsName(String place) {
        assertThatThrownBy(() -> agents.get("/api/channels/" + CHANNEL + "/messages?before=" + place))
                .isInstanceOf(BadParameter.class)
                .hasMessageContaining("before")
                .hasMessageContaining("2026-11-20T16:30:00.123456+00:00,123e4567");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-02-29T00:00:00Z",
                "2000-02-29T00:00:00",
                "2025-12-31T23:59:59.999999999-15:59",
                "2025-04-30T00:00+15",
                "2025-01-29T00:00 0530",
                "0001-01-01T00:00Z,123e4567-e89b-12d3-a456-426614174000"
            })
    void aPlaceThatIsReadableIsNotRefused(String place) throws IOException {
        assertThat(agents.get("/api/channels/" + CHANNEL + "/messages?before=" + place))
                .isPresent();
    }

    /** Each message as its created_at and id, the oldest first. */
    private static List<String> backwards(int limit, Function<List<String>, String> next) throws IOException {
        List<String> read = new ArrayList<>();
        while (true) {
            String request = "/api/channels/" + CHANNEL + "/messages?limit=" + limit + next.apply(read);
            List<String> page = new ArrayList<>();
            for (JsonNode message :
                    new ObjectMapper().readTree(agents.get(request).orElseThrow())) {
                page.add(message.get("created_at").asText()
                        + ' '
                        + message.get("id").asText());
            }
            if (page.isEmpty()) {
                return read;
            }
            read.addAll(0, page);
        }
    }
}
