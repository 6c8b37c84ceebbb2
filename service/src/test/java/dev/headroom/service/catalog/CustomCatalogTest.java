package dev.headroom.service.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.service.catalog.check.CatalogCheck;
import dev.headroom.service.catalog.load.CatalogLoader;
import dev.headroom.service.catalog.load.CatalogSettings;
import dev.headroom.service.catalog.schema.SampleData;
import dev.headroom.service.catalog.schema.SampleOptions;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What examples/custom-catalog shows is true. */
class CustomCatalogTest {
    private static final Path EXAMPLE =
            Path.of("../examples/custom-catalog").toAbsolutePath().normalize();

    private static StatehubDatabase library;

    @BeforeAll
    static void mount() throws Exception {
        var settings = new CatalogSettings(List.of(), List.of(EXAMPLE), true, Map.of(), Map.of());
        library = new StatehubDatabase(new CatalogLoader(settings, List.of()).load());
        new SampleData(library.database().direct())
                .load(
                        library.loaded().loaded().getFirst(),
                        new SampleOptions(0.01, 1, Instant.parse("2026-11-20T00:00:00Z")));
    }

    @AfterAll
    static void close() {
        library.close();
    }

    @Test
    void itHasNoMistakes() {
        assertThat(new CatalogCheck(library.database()).check(library.loaded()).text())
                .isEqualTo("catalogs: 3 endpoints, no mistakes");
    }

    @Test
    void aRequestFiltersSortsAndPages() {
        String books = library.get("/library/books", "genre=novel,poetry", "since=2026-01-01", "sort=title", "limit=2");
        assertThat(books)
                .matches(
                        "\\[\\{\"id\":\\d+,\"title\":\"Book \\d+\",\"author\":\"Author \\d+\",\"genre\":\"(novel|poetry)\","
                                + "\"pages\":\\d+,\"price\":\\d+\\.\\d\\d,\"published\":\"2026-\\d\\d-\\d\\d\"},\\{[^}]*}]");
        assertThat(library.get("/library/books", "title=BOOK 20"))
                .contains("\"Book 20\"")
                .doesNotContain("\"Book 21\"");
        assertThat(library.get("/library/books", "max_price=9.99", "sort=author,-price", "limit=1"))
                .matches("\\[\\{.*\"author\":\"Author 1\".*\"price\":[0-9]\\.\\d\\d.*}]");
        assertThat(library.get("/library/books", "has={\"languages\": [\"fr\"]}", "limit=1"))
                .matches("\\[\\{\"id\":\\d+,.*}]");
        assertThat(library.get("/library/books", "has={\"languages\": [\"it\"]}"))
                .isEqualTo("[]");
        assertThat(library.get("/library/books/7")).contains("\"author\":{\"id\"");
        assertThat(library.get("/library/genres")).contains("\"essay\"");
    }

    @Test
    void aBadOrUnknownParameterIsRefused() {
        assertThatThrownBy(() -> library.get("/library/books", "limit=1000"))
                .hasMessage("parameter 'limit' must be a whole number from 0 to 200");
        assertThatThrownBy(() -> library.get("/library/books", "limt=5")).hasMessage("there is no parameter 'limt'");
        assertThatThrownBy(() -> library.get("/library/books", "sort=genre"))
                .hasMessage(
                        "parameter 'sort' must be one of title, -title, author, -author, published, -published, price, -price");
        assertThatThrownBy(() -> library.get("/library/books", "max_price=-1"))
                .hasMessage("parameter 'max_price' must be a number, as in 12.50, at least 0");
        assertThatThrownBy(() -> library.get("/library/books", "has={'a'}"))
                .hasMessageStartingWith("parameter 'has' must be JSON of at most 500 characters");
    }
}
