package dev.headroom.service.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
    private final Routes routes = routes(
            "/",
            "/topics/",
            "/topics/{id}",
            "/workstreams/{id}",
            "/workstreams/workplan-index",
            "/specs/{spec}/{library}/code",
            "/specs/{spec}/images",
            "/specs/map");

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/topics, /topics/",
        "/topics/, /topics/",
        "/topics/7, /topics/{id}",
        "/topics/7/, /topics/{id}",
        "/workstreams/workplan-index, /workstreams/workplan-index",
        "/workstreams/other, /workstreams/{id}",
        "/specs/map/images, /specs/{spec}/images",
        "/specs/map/x/code, /specs/{spec}/{library}/code",
        "/%74opics, /topics/"
    })
    void aPathBelongsToTheMostLiteralRoute(String path, String template) {
        assertThat(routes.find(path).orElseThrow().route().pattern().text()).isEqualTo(template);
    }

    @ParameterizedTest
    @CsvSource({"/topics//", "//topics", "/topic", "/topics/7/8", "/specs", "/specs//images", "/TOPICS/"})
    void whatMatchesNothingIsNotFound(String path) {
        assertThat(routes.find(path)).isEmpty();
    }

    @Test
    void parametersAreDecodedAndAnEncodedSlashStaysInOne() {
        assertThat(routes.find("/specs/a%2Fb/%C3%A9%20+/code").orElseThrow().parameters())
                .isEqualTo(Map.of("spec", "a/b", "library", "é +"));
    }

    @Test
    void anEncodingThatIsBrokenOrNotUtf8IsABadRequest() {
        for (String path : List.of("/topics/%", "/topics/%zz", "/topics/%ff", "/topics/%c3", "/topics/\uFFFD")) {
            assertThatThrownBy(() -> routes.find(path))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("the path");
        }
    }

    @Test
    void twoPathsForTheSameRequestsAreRefused() {
        assertThatThrownBy(() -> routes("/a/{x}", "/a/{y}/")).hasMessageContaining("match the same requests");
    }

    private static Routes routes(String... paths) {
        return new Routes(Arrays.stream(paths)
                .map(path -> Route.page(path, List.of(Reply.JSON), call -> Reply.empty(204)))
                .toList());
    }
}
