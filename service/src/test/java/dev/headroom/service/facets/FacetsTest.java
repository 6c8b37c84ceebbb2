package dev.headroom.service.facets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.catalog.Arguments;
import dev.headroom.service.catalog.BadParameter;
import dev.headroom.service.catalog.BundledCatalog;
import dev.headroom.service.database.failure.DatabaseFailure;
import dev.headroom.service.metrics.Exposition;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FacetsTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Arguments FIRST_PAGE = Arguments.of(Map.of("limit", 1L, "offset", 0L));

    private final BundledCatalog plots = BundledCatalog.migrated("plots").fill("plots.sql");
    private final List<Facets> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Facets::close);
        plots.close();
    }

    private Facets facets(FacetsPolicy policy) {
        FacetsSource bundled = (FacetsSource) plots.endpoint("/plots/filter").source();
        FacetsSource source = new FacetsSource(
                bundled.rowsTemplate(),
                bundled.constantTemplates(),
                bundled.changeTemplate(),
                bundled.shape(),
                bundled.groups(),
                policy);
        Facets facets = new Facets("plots.test", source, plots.database());
        facets.start();
        opened.add(facets);
        return facets;
    }

    private static FacetsPolicy onDemand() {
        return policy(NEVER, Duration.ofSeconds(10), Duration.ofSeconds(30));
    }

    private static FacetsPolicy policy(Duration check, Duration buildTimeout, Duration patience) {
        return new FacetsPolicy(check, NEVER, buildTimeout, patience, Duration.ZERO, Duration.ZERO);
    }

    private static String answer(Facets facets) {
        return new String(facets.request(List.of(), FIRST_PAGE).answer().toBytes(), StandardCharsets.UTF_8);
    }

    private void addBokeh() {
        plots.execute("""
                insert into libraries (id, name, language_id) values ('bokeh', 'Bokeh', 'python');
                insert into impls (spec_id, library_id, language_id, preview_url_light)
                values ('bar-basic', 'bokeh', 'python', 'https://i/b/b/l.png')""");
    }

    @Test
    void aWriteByAnybodyIsSeenAtTheNextCheck() {
        Facets facets = facets(policy(Duration.ofMillis(50), Duration.ofSeconds(10), Duration.ofSeconds(30)));
        assertThat(answer(facets)).startsWith("{\"total\":4,");

        addBokeh();

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(answer(facets)).startsWith("{\"total\":5,"));
    }

    @Test
    void invalidatingIsEnough() {
        Facets facets = facets(onDemand());
        assertThat(answer(facets)).startsWith("{\"total\":4,");
        addBokeh();
        assertThat(answer(facets)).startsWith("{\"total\":4,");

        facets.invalidate();

        await().untilAsserted(() -> assertThat(answer(facets)).startsWith("{\"total\":5,"));
    }

    @Test
    void anEmptyTableIsAnAnswerWithAllCategories() {
        plots.execute("truncate impls");

        assertThat(answer(facets(onDemand())))
                .startsWith("{\"total\":0,\"images\":[],\"counts\":{\"lang\":{},\"lib\":{},")
                .contains("\"style\":{}},\"globalCounts\":{\"lang\":{}")
                .contains(",\"specTitles\":{},\"offset\":0");
    }

    @Test
    void aBuildThatFailsKeepsTheOldSnapshotAndLeaksNoConnection() throws SQLException {
        Facets facets = facets(onDemand());
        assertThat(answer(facets)).startsWith("{\"total\":4,");
        plots.execute("alter table specs rename to gone");

        for (int i = 0; i < 5; i++) {
            facets.invalidate();
            await().during(Duration.ofMillis(50)).until(() -> true);
            assertThat(answer(facets)).startsWith("{\"total\":4,");
        }

        assertThat(figures(facets))
                .contains("facets_items{route=\"/plots/filter\"} 4\n", "facets_failing{route=\"/plots/filter\"} 1\n");
        assertThat(facets.age()).isGreaterThan(Duration.ofMillis(250));
        plots.execute("alter table gone rename to specs");
        addBokeh();
        facets.invalidate();
        await().untilAsserted(() -> assertThat(answer(facets)).startsWith("{\"total\":5,"));
        await().untilAsserted(() -> assertThat(figures(facets))
                .contains("facets_items{route=\"/plots/filter\"} 5\n", "facets_failing{route=\"/plots/filter\"} 0\n"));
        await().until(() -> sessionsBesideThePool() == 0);
    }

    private static String figures(Facets facets) {
        Exposition out = new Exposition();
        new FacetFamilies(Map.of("/plots/filter", facets)).accept(out);
        return new String(out.bytes(), StandardCharsets.UTF_8);
    }

    private long sessionsBesideThePool() throws SQLException {
        try (Connection connection = plots.postgres().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from pg_stat_activity"
                        + " where datname = current_database() and pid <> pg_backend_pid()")) {
            row.next();
            return row.getLong(1) - plots.database().pool().gauges().total();
        }
    }

    @Test
    void withoutASnapshotTheFailureIsTheAnswerUntilABuildSucceeds() {
        plots.execute("alter table specs rename to gone");
        Facets facets = facets(onDemand());
        assertThatThrownBy(() -> answer(facets)).isInstanceOf(DatabaseFailure.class);

        plots.execute("alter table gone rename to specs");

        assertThat(answer(facets)).startsWith("{\"total\":4,");
    }

    @Test
    void aRequestWaitsForTheFirstSnapshotOnlySoLongAndALaterOneGetsIt() throws SQLException {
        try (Connection holder = plots.postgres().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table plots.impls in access exclusive mode");
            Facets facets = facets(policy(NEVER, Duration.ofSeconds(30), Duration.ofMillis(100)));

            assertThatThrownBy(() -> answer(facets)).isInstanceOf(NotBuiltYet.class);
            holder.rollback();
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(answer(facets)).startsWith("{\"total\":4,"));
        }
    }

    @Test
    void aBuildThatTakesTooLongNamesItsOwnSetting() throws SQLException {
        try (Connection holder = plots.postgres().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table plots.impls in access exclusive mode");
            Facets facets = facets(policy(NEVER, Duration.ofMillis(200), Duration.ofSeconds(30)));

            assertThatThrownBy(() -> answer(facets)).hasMessageContaining("ran over build-timeout in the entry");
        }
    }

    @Test
    void tagsOfAnyShapeCountAsWhatTextTheyHold() {
        plots.execute("""
                update specs set tags = '"a word"' where id = 'Zed';
                update specs set tags = '{"plot_type": "bar", "data_type": 5, "domain": {"no": "tag"},
                                          "features": ["3d", "3d", 1, true, null, ["deep"], {"k": "v"}, "q\\"q"]}'
                where id = 'bar-basic';
                update specs set tags = '[1]' where id = 'scatter-basic';
                update impls set impl_tags = 'null' where library_id = 'matplotlib';
                update impls set impl_tags = '42' where library_id = 'plotly'""");

        assertThat(answer(facets(onDemand())))
                .contains("\"plot\":{\"bar\":1},\"data\":{\"5\":1},\"dom\":{},"
                        + "\"feat\":{\"1\":1,\"3d\":1,\"q\\\"q\":1},\"dep\":{\"pandas\":1,\"scipy\":1},\"tech\":{},")
                .contains("\"specTitles\":{\"Zed\":\"Upper case comes first\",\"area-unseen\":");
    }

    @Test
    void aHundredFirstRequestsGetTheSameAnswer() throws Exception {
        Facets facets = facets(onDemand());
        try (ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                calls.add(() -> answer(facets));
            }
            String first = null;
            for (Future<String> each : requests.invokeAll(calls)) {
                first = first == null ? each.get() : first;
                assertThat(each.get()).isEqualTo(first);
            }
        }
    }

    @Test
    void theTagIsOfTheDataAndTheFilter() {
        Facets one = facets(onDemand());
        Facets other = facets(onDemand());
        String tag = tag(one, "lib=plotly,matplotlib", "plot=bar");

        assertThat(tag(other, "lib=plotly,matplotlib", "plot=bar")).isEqualTo(tag);
        assertThat(tag(one, "lib=matplotlib, plotly,plotly", "x=y", "plot=bar")).isEqualTo(tag);
        assertThat(tag(one, "plot=bar", "lib=plotly,matplotlib")).isNotEqualTo(tag);
        assertThat(tag(one, "lib=plotly", "lib=matplotlib", "plot=bar")).isNotEqualTo(tag);
        assertThat(tag(one)).isNotEqualTo(tag);
        assertThat(one.request(List.of(), Arguments.of(Map.of("limit", 1L, "offset", 1L)))
                        .tag())
                .isNotEqualTo(tag(one));

        one.invalidate();
        await().until(() -> one.age().compareTo(other.age()) < 0);
        assertThat(tag(one, "lib=plotly,matplotlib", "plot=bar")).isEqualTo(tag);

        plots.execute("update impls set impl_tags = '{\"techniques\": [\"another\"]}' where library_id = 'plotly'");
        one.invalidate();
        await().untilAsserted(() -> assertThat(tag(one, "lib=plotly,matplotlib", "plot=bar"))
                .as("no image shows its tags, but the counts do")
                .isNotEqualTo(tag));
    }

    @Test
    void aValueThatLooksLikeTwelveHasATagOfItsOwn() {
        Facets facets = facets(onDemand());
        List<String> twelve = new ArrayList<>(List.of("a".repeat(45)));
        for (int i = 0; i < 10; i++) {
            twelve.add("b" + i + "x".repeat(14));
        }
        twelve.add("c".repeat(8));
        // Written one after another, each with its length before it, the twelve have the characters of this one.
        String one = twelve.getFirst()
                + twelve.stream()
                        .skip(1)
                        .map(value -> value.length() + ":" + value)
                        .collect(Collectors.joining());

        assertThat(one).hasSize(245);
        assertThat(tag(facets, "lib=" + String.join(",", twelve))).isNotEqualTo(tag(facets, "lib=" + one));
    }

    private static String tag(Facets facets, String... pairs) {
        List<Map.Entry<String, String>> query = new ArrayList<>();
        for (String pair : pairs) {
            query.add(Map.entry(pair.split("=", 2)[0], pair.split("=", 2)[1]));
        }
        return facets.request(query, FIRST_PAGE).tag();
    }

    @Test
    void tooManyGroupsAreABadParameter() {
        Facets facets = facets(onDemand());
        List<Map.Entry<String, String>> query = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            query.add(Map.entry("lib", "plotly"));
        }

        assertThatThrownBy(() -> facets.request(query, FIRST_PAGE))
                .isInstanceOf(BadParameter.class)
                .hasMessageContaining("at most 20 groups");
    }
}
