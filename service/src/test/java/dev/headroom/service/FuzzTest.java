package dev.headroom.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.catalog.ParameterType;
import dev.headroom.service.catalog.load.CatalogLoader;
import dev.headroom.service.catalog.load.CatalogSettings;
import dev.headroom.testkit.TestPostgres;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a parameter holds: no 500, no SQL in an answer, no connection kept. */
class FuzzTest {
    /** What is none of the catalogs' business: unknown parameters, strange names, paths that nobody serves. */
    private static final List<String> STRANGERS = List.of(
            "/topics/?unknown={}", "/specs?unknown={}", "/tasks/?{}=1", "/plots/filter?{}=1", "/{}", "/specs/a/b/{}");

    private static final String SOMEBODY = "00000000-0000-0000-0000-000000000000";

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
            "-infinity",
            "24:00:00",
            "2026-02-30T00:00:00Z",
            "2026-01-01T00:00:00Z,",
            "294277-01-01T00:00:00Z",
            "a,b,c,d",
            "{",
            "{}",
            "\"{\\\"",
            "0000-00-00",
            "a".repeat(5000),
            "\uD83D\uDE00",
            "\uFFFF",
            "\u202E");

    private static final List<Endpoint> ENDPOINTS = new CatalogLoader(
                    CatalogSettings.bundled("statehub", "plots", "agents"), Service.sources())
            .load()
            .endpoints();

    private static TestPostgres.Database database;
    private static RunningService service;

    @BeforeContainer
    static void start() {
        database = TestPostgres.database();
        service = RunningService.on(
                database, "--catalogs.enabled=statehub,plots,agents", "--catalogs.sample-scale=0.001");
    }

    @AfterContainer
    static void stop() {
        service.close();
        database.close();
    }

    @Example
    void everyParameterOfEveryEndpointIsTried() {
        assertThat(places())
                .contains("/tasks/?needs_human={}", "/specs/{}/somebody/code", "/plots/filter?style={}")
                .contains("/api/channels/" + SOMEBODY + "/messages?before={}", "/workstreams/workplan-index?refresh={}")
                .hasSizeGreaterThan(ENDPOINTS.size());
    }

    @Property(tries = 1500)
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
        // At rest: a refresh behind a stale answer, or the facets' look for changes, may just be under way.
        await().pollDelay(Duration.ZERO)
                .until(() -> service.service().database().pool().gauges().active() == 0);
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of(places());
    }

    /** One URL for each parameter of each endpoint, with {} where its value goes and harmless values everywhere else. */
    private static List<String> places() {
        List<String> places = new ArrayList<>(STRANGERS);
        for (Endpoint endpoint : ENDPOINTS) {
            for (Parameter parameter : endpoint.parameters()) {
                String path = endpoint.path().text();
                if (parameter.in() == Parameter.In.PATH) {
                    path = path.replace("{" + parameter.name() + "}", "{}");
                } else {
                    path += "?" + parameter.name() + "={}";
                }
                places.add(harmless(path, endpoint));
            }
        }
        return places;
    }

    private static String harmless(String path, Endpoint endpoint) {
        String filled = path;
        for (Parameter parameter : endpoint.parameters()) {
            String value = parameter.type() == ParameterType.UUID ? SOMEBODY : "somebody";
            filled = filled.replace("{" + parameter.name() + "}", value);
        }
        return filled;
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.of(NASTY)),
                Tuple.of(1, Arbitraries.strings().ofMaxLength(60)),
                Tuple.of(1, Arbitraries.integers().map(String::valueOf)));
    }
}
