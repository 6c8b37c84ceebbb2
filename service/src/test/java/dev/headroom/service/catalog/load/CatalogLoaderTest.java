package dev.headroom.service.catalog.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.catalog.Answer;
import dev.headroom.service.catalog.CachePolicy;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.Parameter;
import dev.headroom.service.catalog.Place;
import dev.headroom.service.catalog.SqlSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogLoaderTest {
    private static final String SHOP = """
            name: shop
            cache:
              menu: {fresh: 10m, stale-while-revalidate: 24h, stale-if-error: 1d, negative: 5s, jitter: 10%, scope: local}
            endpoints:
              /items/{id}:
                answer: object
                sql: item.sql
                cache: menu
                parameters:
                  id: {type: int, minimum: 1}
              /items:
                answer: list
                sql: items.sql
                order: [-i.created_at, id]
                sort: [i.created_at, title]
                paging: {default: 20, maximum: 100}
                parameters:
                  colour: {type: enum, values: [red, blue], list: true, filter: "colour = any(:colour)"}
                  cheap:  {type: boolean, default: true, filter: "cheap = :cheap"}
            """;

    @TempDir
    Path folder;

    private Catalogs shop() {
        return new Catalogs(folder)
                .with("catalog.yaml", SHOP)
                .with("item.sql", "select * from {items} where id = :id")
                .with(
                        "items.sql",
                        "select * from {items} i where {{filters}} order by {{order}} limit :limit offset :offset;");
    }

    @Test
    void anEntrySaysEverythingAboutItsEndpoint() {
        LoadedCatalogs loaded = shop().load();
        assertThat(loaded.mistakes()).isEmpty();
        Endpoint item = loaded.endpoints().getLast();
        assertThat(item.name()).isEqualTo("shop.items-id");
        assertThat(item.answer()).isEqualTo(Answer.OBJECT);
        assertThat(item.place())
                .isEqualTo(new Place(folder.resolve("catalog.yaml").toString(), 5));
        assertThat(item.cache())
                .isEqualTo(new CachePolicy(
                        "menu",
                        Duration.ofMinutes(10),
                        Duration.ofHours(24),
                        Duration.ofDays(1),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(5),
                        0.1,
                        CachePolicy.Scope.LOCAL));
        assertThat(item.parameters()).singleElement().satisfies(id -> {
            assertThat(id.in()).isEqualTo(Parameter.In.PATH);
            assertThat(id.required()).isTrue();
            assertThat(id.bounds().minimum()).isEqualByComparingTo("1");
        });
    }

    @Test
    void onlyTheFiltersThatWereGivenArePartOfTheStatement() {
        Endpoint items = shop().load().endpoints().getFirst();
        assertThat(sql(items, Map.of()))
                .isEqualTo("select * from \"shop\".\"items\" i where (cheap = ?)"
                        + " order by \"i\".\"created_at\" desc, \"id\" limit ? offset ?");
        assertThat(sql(
                        items,
                        Map.of(
                                "colour",
                                List.of("red,blue"),
                                "sort",
                                List.of("title,-created_at"),
                                "cheap",
                                List.of("no"))))
                .isEqualTo("select * from \"shop\".\"items\" i where (colour = any(?)) and (cheap = ?)"
                        + " order by \"title\", \"i\".\"created_at\" desc, \"id\" limit ? offset ?");
    }

    @Test
    void valuesAreBoundInTheOrderOfTheirQuestionMarks() {
        Endpoint items = shop().load().endpoints().getFirst();
        var arguments = items.read(
                Map.of(), Map.of("colour", List.of("red", "blue"), "offset", List.of("40"), "unknown", List.of("x")));
        var query = ((SqlSource) items.source()).query(items.name(), arguments);
        assertThat(query.params()).extracting("value").containsExactly(List.of("red", "blue"), true, 20L, 40L);
    }

    @Test
    void settingsPutTablesElsewhere() {
        LoadedCatalogs loaded = shop().load(Map.of("items", "legacy.Items"));
        assertThat(sql(loaded.endpoints().getLast(), Map.of())).contains("from \"legacy\".\"Items\"");
        LoadedCatalogs slip = shop().load(Map.of("itmes", "legacy.items"));
        assertThat(slip.mistakes())
                .singleElement()
                .hasToString(
                        folder.resolve("catalog.yaml")
                                + ":1: the settings put table 'itmes' elsewhere, and no statement names it (did you mean items?)");
    }

    @Test
    void aFolderOfCatalogsIsReadWholeButForHiddenFolders() {
        for (String name : List.of("one", "two", "..data")) {
            new Catalogs(folder)
                    .with(name + "/catalog.yaml", """
                            name: %s
                            endpoints:
                              /%s: {answer: list, sql: a.sql}
                            """.formatted(name.replace(".", ""), name.replace(".", "")))
                    .with(name + "/a.sql", "select 1 as one");
        }
        LoadedCatalogs loaded = new Catalogs(folder).load();
        assertThat(loaded.mistakes()).isEmpty();
        assertThat(loaded.catalogs()).extracting("name").containsExactly("one", "two");
    }

    @Test
    void aLiteralIsTriedBeforeAParameter() {
        new Catalogs(folder)
                .with("catalog.yaml", """
                        name: shop
                        endpoints:
                          /a/{id}/c: {answer: list, sql: a.sql, parameters: {id: {type: int}}}
                          /a/b/{id}: {answer: list, sql: a.sql, parameters: {id: {type: int}}}
                          /a/{id}: {answer: list, sql: a.sql, parameters: {id: {type: int}}}
                          /a/b: {answer: list, sql: b.sql}
                        """)
                .with("a.sql", "select :id::int as a")
                .with("b.sql", "select 1 as a");
        assertThat(new Catalogs(folder).load().endpoints())
                .extracting(endpoint -> endpoint.path().text())
                .containsExactly("/a/b", "/a/b/{id}", "/a/{id}", "/a/{id}/c");
    }

    private static String sql(Endpoint endpoint, Map<String, List<String>> query) {
        var arguments = endpoint.read(Map.of("id", "1"), query);
        return ((SqlSource) endpoint.source()).query(endpoint.name(), arguments).sql();
    }
}
