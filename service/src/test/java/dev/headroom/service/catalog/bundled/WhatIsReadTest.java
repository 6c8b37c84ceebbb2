package dev.headroom.service.catalog.bundled;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.catalog.BundledCatalog;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.SqlSource;
import dev.headroom.service.database.statement.Param;
import dev.headroom.service.database.statement.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What statements read is proved by the server's own counters and plans, not by looking at the SQL. */
class WhatIsReadTest {
    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared hit=(\\d+)");

    @Test
    void theImagesOfALibraryAreReadWithoutItsCode() throws SQLException {
        try (BundledCatalog plots = BundledCatalog.migrated("plots").sample(0.006)) {
            Query images = query(plots, "/libraries/{library_id}/images", Map.of("library_id", "matplotlib"));

            assertThat(explain(plots, "explain (verbose) ", images))
                    .contains("preview_url_light")
                    .doesNotContain("code");
            assertThat(toastBlocksOf(plots, literal(images))).isZero();
            assertThat(toastBlocksOf(
                            plots, "select max(length(code)) from plots.impls where library_id = 'matplotlib'"))
                    .as("what reading the code would cost")
                    .isGreaterThan(50);
            assertThat(plots.get("/libraries/matplotlib/images").orElseThrow().length())
                    .isLessThan(60 * 300);
        }
    }

    @Test
    void linesOfCodeAreSummedFromTheStoredColumnWhereThereIsOne() throws SQLException {
        try (BundledCatalog plots = BundledCatalog.migrated("plots").sample(0.006)) {
            Query stats = query(plots, "/stats", Map.of());
            String withColumn = plots.get("/stats").orElseThrow();
            assertThat(toastBlocksOf(plots, literal(stats))).isZero();

            plots.execute("alter table impls drop column line_count");

            assertThat(plots.get("/stats").orElseThrow()).isEqualTo(withColumn);
            long once = toastBlocksOf(plots, "select max(length(code)) from plots.impls");
            assertThat(toastBlocksOf(plots, literal(stats)))
                    .as("the code is read, each once")
                    .isBetween(once, once + once / 10);
        }
    }

    @Test
    void theBestImplementationIsOneRowOfItsIndex() throws Exception {
        try (BundledCatalog plots = BundledCatalog.migrated("plots").sample(0.02)) {
            int specs = Integer.parseInt(plots.value("select count(distinct spec_id) from impls"));
            Query map = query(plots, "/specs/map", Map.of());
            String before = plots.get("/specs/map").orElseThrow();

            plots.execute(declaredIndex("ix_impls_best"));
            plots.execute("analyze impls, specs");

            assertThat(plots.get("/specs/map").orElseThrow()).isEqualTo(before);
            assertThat(explain(plots, "explain ", map)).contains("ix_impls_best");
            assertThat(buffers(plots, map))
                    .as("blocks for %d specifications", specs)
                    .isLessThan(specs * 6L);
        }
    }

    /** The statement that builds an index of examples/plots.yaml. */
    @SuppressWarnings("unchecked")
    private static String declaredIndex(String name) throws IOException {
        Path example = Path.of("../examples/plots.yaml");
        Map<String, Map<String, Map<String, List<Map<String, Object>>>>> resource = (Map<
                        String, Map<String, Map<String, List<Map<String, Object>>>>>)
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(example));
        Map<String, Object> index = resource.get("spec").get("indexes").get("declared").stream()
                .filter(each -> name.equals(each.get("name")))
                .findFirst()
                .orElseThrow();
        List<Map<String, String>> keys = (List<Map<String, String>>) index.get("keys");
        return keys.stream()
                .map(key -> (key.containsKey("column") ? key.get("column") : "(" + key.get("expression") + ")")
                        + (key.containsKey("collation") ? " collate \"" + key.get("collation") + "\"" : "")
                        + ("Desc".equals(key.get("order")) ? " desc" : ""))
                .collect(Collectors.joining(", ", "create index " + name + " on " + index.get("table") + " (", ")"));
    }

    @Test
    void aPageDeepInAChannelCostsWhatTheFirstOneCosts() throws SQLException {
        try (BundledCatalog agents = BundledCatalog.migrated("agents").sample(0.1)) {
            agents.execute("create index on messages (channel_id, created_at)");
            String channel = agents.value("select channel_id from messages group by 1 order by count(*) desc limit 1");
            String old = agents.value("select to_json(created_at) #>> '{}' from messages where channel_id = '" + channel
                    + "' order by created_at offset 100 limit 1");
            Query first = query(agents, "/api/channels/{id}/messages", Map.of("id", channel), "limit=50");
            Query deep =
                    query(agents, "/api/channels/{id}/messages", Map.of("id", channel), "limit=50", "before=" + old);
            Query offset =
                    query(agents, "/api/channels/{id}/messages", Map.of("id", channel), "limit=50", "offset=800");

            long firstCost = buffers(agents, first);
            assertThat(buffers(agents, deep)).isLessThanOrEqualTo(firstCost * 2);
            assertThat(buffers(agents, offset)).as("what an offset costs").isGreaterThan(firstCost * 4);
        }
    }

    private static Query query(BundledCatalog catalog, String path, Map<String, String> values, String... pairs) {
        Endpoint endpoint = catalog.endpoint(path);
        return ((SqlSource) endpoint.source()).query("test", endpoint.read(values, BundledCatalog.queryOf(pairs)));
    }

    private static String literal(Query query) {
        String sql = query.sql();
        for (Param param : query.params()) {
            Object value = param.value();
            String text = value instanceof List<?> list ? "{\"" + list.getFirst() + "\"}" : String.valueOf(value);
            sql = sql.replaceFirst("\\?", value == null ? "null" : Matcher.quoteReplacement("'" + text + "'"));
        }
        return sql;
    }

    private static String explain(BundledCatalog catalog, String how, Query query) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Connection connection = catalog.postgres().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(how + literal(query))) {
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }

    private static long buffers(BundledCatalog catalog, Query query) throws SQLException {
        Matcher found =
                BUFFERS.matcher(explain(catalog, "explain (analyze, buffers, timing off, summary off) ", query));
        assertThat(found.find()).isTrue();
        return Long.parseLong(found.group(1));
    }

    /** Blocks of out-of-line values that a statement touched, as the server counted them. */
    private static long toastBlocksOf(BundledCatalog catalog, String sql) throws SQLException {
        try (Connection connection = catalog.postgres().connect();
                Statement statement = connection.createStatement()) {
            long before = toastBlocks(statement);
            statement.execute(sql);
            return toastBlocks(statement) - before;
        }
    }

    private static long toastBlocks(Statement statement) throws SQLException {
        statement.execute("select pg_stat_force_next_flush()");
        statement.execute("select 1");
        statement.execute("select pg_stat_clear_snapshot()");
        try (ResultSet row = statement.executeQuery("select pg_stat_get_blocks_fetched(reltoastrelid)"
                + " from pg_class where oid = 'plots.impls'::regclass")) {
            row.next();
            return row.getLong(1);
        }
    }
}
