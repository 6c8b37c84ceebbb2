package dev.headroom.service.catalog.statehub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.catalog.BadParameter;
import dev.headroom.service.catalog.StatehubDatabase;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a request says is an answer or a refusal, and never a failure of the database. */
class StatehubFuzzTest {
    private static final List<String> PATHS = List.of(
            "/domains/", "/topics/", "/repos/", "/workstreams/", "/tasks/", "/sbom/snapshots/", "/state/summary");
    private static final List<String> DETAILS = List.of("/domains/", "/topics/", "/repos/", "/workstreams/", "/tasks/");
    private static final List<String> NAMES = List.of(
            "status",
            "needs_human",
            "workstream_id",
            "topic_id",
            "repo_id",
            "priority",
            "limit",
            "offset",
            "sort",
            "id");

    private static StatehubDatabase statehub;

    @BeforeContainer
    static void rows() {
        statehub = new StatehubDatabase();
        statehub.execute(Rows.SQL);
    }

    @AfterContainer
    static void close() {
        statehub.close();
    }

    @Property(tries = 400)
    void aQueryIsAnsweredOrRefused(@ForAll("paths") String path, @ForAll("queries") List<String> query) {
        try {
            assertThat(statehub.get(path, query.toArray(String[]::new))).isNotNull();
        } catch (BadParameter refused) {
            assertThat(NAMES).contains(refused.parameter());
        }
    }

    @Property(tries = 200)
    void anIdIsAnsweredOrRefused(@ForAll("details") String path, @ForAll("values") String id) {
        try {
            statehub.get(path + id.replace("/", ""));
        } catch (BadParameter refused) {
            assertThat(refused.parameter()).isEqualTo("id");
        } catch (IllegalArgumentException noEndpoint) {
            assertThat(noEndpoint).hasMessageStartingWith("no endpoint answers");
        }
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of(PATHS);
    }

    @Provide
    Arbitrary<String> details() {
        return Arbitraries.of(DETAILS);
    }

    @Provide
    Arbitrary<List<String>> queries() {
        return Combinators.combine(Arbitraries.of(NAMES), values())
                .as((name, value) -> name + "=" + value)
                .list()
                .uniqueElements(pair -> pair.substring(0, pair.indexOf('=')))
                .ofMaxSize(4)
                .map(ArrayList::new);
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "true",
                        "0",
                        "-1",
                        "5000",
                        "5001",
                        "9223372036854775807",
                        "9223372036854775808",
                        "1e9",
                        "'",
                        "\"",
                        "\\",
                        "'; drop table tasks; --",
                        "{a,b}",
                        "%",
                        "null",
                        "NaN",
                        "\0",
                        "todo",
                        "b0000000-0000-0000-0000-000000000001",
                        "B0000000-0000-0000-0000-000000000001",
                        "\ud800",
                        "\udfff",
                        "\ud83d\ude00"),
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.strings().all().ofMaxLength(210));
    }
}
