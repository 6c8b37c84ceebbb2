package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.testkit.TestPostgres;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a parameter holds: no 500, no SQL in an answer, no connection kept. */
class FuzzTest {
    private static final List<String> PATHS = List.of(
            "/domains/{}",
            "/topics/{}",
            "/repos/{}",
            "/workstreams/{}",
            "/tasks/{}",
            "/tasks/?status={}",
            "/tasks/?needs_human={}",
            "/tasks/?workstream_id={}",
            "/tasks/?priority={}",
            "/tasks/?limit={}",
            "/tasks/?offset={}",
            "/workstreams/?status={}",
            "/workstreams/?topic_id={}",
            "/workstreams/?limit={}",
            "/sbom/snapshots/?repo_id={}",
            "/topics/?unknown={}",
            "/tasks/?{}=1",
            "/{}");

    private static final List<String> NASTY = List.of(
            "",
            " ",
            "'",
            "\"",
            "\\",
            "';--",
            "' or 1=1 --",
            "$1",
            "?",
            ":id",
            "{tasks}",
            "{{filters}}",
            "\0",
            "%",
            "%00",
            "../..",
            "..;/",
            "null",
            "NaN",
            "-1",
            "0",
            "1e9",
            "2147483648",
            "9223372036854775808",
            "true",
            "TRUE",
            "1,2,3",
            ",",
            "00000000-0000-0000-0000-000000000000",
            "{00000000-0000-0000-0000-000000000000}",
            "infinity",
            "0000-00-00",
            "a".repeat(5000),
            "\uD83D\uDE00",
            "\uFFFF",
            "\u202E");

    private static TestPostgres.Database database;
    private static RunningService service;

    @BeforeContainer
    static void start() {
        database = TestPostgres.database();
        service = RunningService.on(database, "--catalogs.sample-scale=0.001");
    }

    @AfterContainer
    static void stop() {
        service.close();
        database.close();
    }

    @Property(tries = 600)
    void noValueOfAnyParameterBreaksAnything(@ForAll("paths") String path, @ForAll("values") String value) {
        HttpResponse<String> answer = service.get(path.replace("{}", URLEncoder.encode(value, StandardCharsets.UTF_8)));
        assertThat(answer.statusCode()).isIn(200, 400, 404, 414);
        if (answer.statusCode() != 200) {
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(answer.body().toLowerCase(Locale.ROOT))
                    .doesNotContain(
                            "select ", " from \"", "sqlstate", "org.postgresql", "exception", "at dev.headroom");
        }
        assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
        assertThat(service.service().database().pool().gauges().active()).isZero();
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of(PATHS);
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.of(NASTY)),
                Tuple.of(1, Arbitraries.strings().ofMaxLength(60)),
                Tuple.of(1, Arbitraries.integers().map(String::valueOf)));
    }
}
