package dev.headroom.service.catalog.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogMistakesTest {
    @TempDir
    Path folder;

    @Test
    void allMistakesAreToldAtOnceWithFileLineAndHint() {
        new Catalogs(folder)
                .with("catalog.yaml", """
                        name: shop
                        titel: Shop
                        cache:
                          menu: {fresh: soon, jitter: 80%}
                        endpoints:
                          /items:
                            answer: lists
                            sql: itms.sql
                            cache: meny
                            answer: list
                          /orders/{id}:
                            answer: object
                            sql: order.sql
                            parameters:
                              idd: {type: uid}
                              state: {type: text, filter: "state = :stat"}
                              limit: {type: int, default: many}
                          items:
                            answer: list
                        """)
                .with("items.sql", "select 1")
                .with("order.sql", "select *\nfrom {orders}\nwhere id = :id\nand x = 'open");
        assertThat(new Catalogs(folder).mistakes())
                .containsExactly(
                        "catalog.yaml:2: unknown key 'titel' (did you mean title?)",
                        "catalog.yaml:4: 'fresh' must be a duration, as in 250ms, 30s, 10m, 24h",
                        "catalog.yaml:4: 'jitter' must be a percentage from 0% to 50%",
                        "catalog.yaml:7: 'answer' must be one of list, object, document (did you mean list?)",
                        "catalog.yaml:8: there is no file 'itms.sql' in this catalog (did you mean items.sql?)",
                        "catalog.yaml:9: no cache policy is called 'meny' (did you mean menu?)",
                        "catalog.yaml:10: 'answer' stands here twice (the first is in line 7)",
                        "catalog.yaml:11: the path's parameter 'id' is not declared (add it under 'parameters')",
                        "catalog.yaml:15: 'type' must be one of text, int, bigint, decimal, boolean, uuid, date, timestamp, timestamptz, json, enum (did you mean uuid?)",
                        "catalog.yaml:15: nothing uses parameter 'idd' (write :idd in the SQL, give it a 'filter', or remove it)",
                        "catalog.yaml:16: no parameter 'stat' is declared for catalog.yaml:11 (did you mean state?)",
                        "catalog.yaml:16: the filter of 'state' does not use it (write :state)",
                        "catalog.yaml:17: the default must be a whole number from -2147483648 to 2147483647",
                        "catalog.yaml:17: nothing uses parameter 'limit' (write :limit in the SQL, give it a 'filter', or remove it)",
                        "catalog.yaml:18: path 'items' must begin with one slash and have no empty part (as in /topics/{id})",
                        "catalog.yaml:18: an entry has exactly one source (one of: sql)",
                        "catalog.yaml:18: path 'items' answers the same requests as '/items' (the other stands at catalog.yaml:6)",
                        "items.sql:1: no endpoint uses this file (name it in an entry, or remove it)",
                        "order.sql:1: parameters have filters, and the statement has no {{filters}} (as in: where {{filters}})",
                        "order.sql:3: no parameter 'id' is declared for catalog.yaml:11 (did you mean idd?)",
                        "order.sql:4: a string is never closed (add the closing ')");
    }

    @Test
    void aValueThatMayBeAbsentIsNeverNullInAStatement() {
        new Catalogs(folder).with("catalog.yaml", """
                        name: shop
                        endpoints:
                          /items: {answer: list, sql: items.sql, parameters: {state: {type: text}}}
                        """).with("items.sql", "select 1 as one\nwhere :state is null");
        assertThat(new Catalogs(folder).mistakes())
                .containsExactly("items.sql:2: parameter 'state' may not be given, and would be null here"
                        + " (give it a default, make it required, or make it a filter)");
    }

    @Test
    void pathsThatAnswerTheSameRequestsClashAcrossCatalogs() {
        new Catalogs(folder)
                .with("one/catalog.yaml", """
                        name: one
                        endpoints:
                          /a/{id}/: {answer: list, sql: a.sql, parameters: {id: {type: int}}}
                        """)
                .with("one/a.sql", "select :id::int as a")
                .with("two/catalog.yaml", """
                        name: two
                        endpoints:
                          /a/{name}: {answer: list, sql: a.sql, parameters: {name: {type: text}}}
                        """)
                .with("two/a.sql", "select :name::text as a");
        assertThat(new Catalogs(folder).mistakes())
                .containsExactly("two/catalog.yaml:3: path '/a/{name}' answers the same requests as '/a/{id}/'"
                        + " (the other stands at one/catalog.yaml:3)");
    }

    @Test
    void brokenYamlIsToldWithItsLine() {
        new Catalogs(folder).with("catalog.yaml", "name: shop\nendpoints:\n  /a: {answer: list\n");
        assertThat(new Catalogs(folder).mistakes())
                .singleElement()
                .asString()
                .startsWith("catalog.yaml:4: this is not YAML");
    }

    @Test
    void anSqlFileOutsideOfTheCatalogIsNotRead() {
        new Catalogs(folder).with("shop/catalog.yaml", """
                        name: shop
                        endpoints:
                          /a: {answer: list, sql: ../secret.sql}
                        """).with("secret.sql", "select 1 as a");
        assertThat(new Catalogs(folder.resolve("shop")).mistakes())
                .singleElement()
                .asString()
                .startsWith("catalog.yaml:3: there is no file '../secret.sql' in this catalog");
    }

    @Test
    void orderAndSortTakeColumnsAndNothingElse() {
        new Catalogs(folder).with("catalog.yaml", """
                        name: shop
                        endpoints:
                          /a:
                            answer: list
                            sql: a.sql
                            order: [random(), a]
                            sort: [-a, b.a, a]
                        """).with("a.sql", "select 1 as a order by {{order}}");
        assertThat(new Catalogs(folder).mistakes())
                .containsExactly(
                        "catalog.yaml:6: 'random()' is not a column (as in -created_at or t.title)",
                        "catalog.yaml:7: 'sort' names columns without a direction (a request puts the minus)",
                        "catalog.yaml:7: two columns are called 'a' (a request could not tell them apart; name them, as in sort: {author: a.name, title: b.name})");
    }

    @Test
    void aNameToSortByStandsForAColumnWithoutADirection() {
        new Catalogs(folder).with("catalog.yaml", """
                        name: shop
                        endpoints:
                          /a:
                            answer: list
                            sql: a.sql
                            order: [a]
                            sort:
                              author: b.name
                              -title: b.title
                              year: -b.year
                              rank: random()
                        """).with("a.sql", "select 1 as a order by {{order}}");
        assertThat(new Catalogs(folder).mistakes())
                .containsExactly(
                        "catalog.yaml:9: '-title' cannot be a name to sort by (letters, digits and underscores)",
                        "catalog.yaml:10: 'sort' names columns without a direction (a request puts the minus)",
                        "catalog.yaml:11: 'random()' is not a column (as in -created_at or t.title)");
    }

    @Test
    void decimalsHaveExactBoundsAndJsonIsNoList() {
        new Catalogs(folder).with("catalog.yaml", """
                        name: shop
                        endpoints:
                          /a:
                            answer: list
                            sql: a.sql
                            parameters:
                              low: {type: decimal, minimum: 0.5, maximum: 0.25, default: 0.3, filter: "a > :low"}
                              odd: {type: decimal, minimum: 1e999999999, filter: "a > :odd"}
                              doc: {type: json, list: true, filter: "a @> :doc"}
                              bad: {type: json, default: "{", filter: "a @> :bad"}
                        """).with("a.sql", "select 1 as a where {{filters}}");
        assertThat(new Catalogs(folder).mistakes())
                .containsExactly(
                        "catalog.yaml:7: 'minimum' is above 'maximum' (swap them)",
                        "catalog.yaml:7: the default must be a number, as in 12.50, at least 0.5, at most 0.25",
                        "catalog.yaml:8: 'minimum' must be a number, as in 0.5",
                        "catalog.yaml:9: JSON cannot be a list: its own commas part no values (take one JSON array)",
                        "catalog.yaml:10: the default must be JSON of at most 2000 characters, as in {\"key\": [1, null]}");
    }

    @Test
    void yamlThatIsTooDeepIsToldAndNotRead() {
        new Catalogs(folder)
                .with("catalog.yaml", "name: shop\nendpoints:\n  /a: " + "{a: ".repeat(3000) + "1" + "}".repeat(3000));
        assertThat(new Catalogs(folder).mistakes())
                .containsExactly(
                        "catalog.yaml:3: nested deeper than 50 levels (no key of a catalog is deeper than six)");
        new Catalogs(folder).with("catalog.yaml", "name: shop\nendpoints: " + "[".repeat(3000) + "]".repeat(3000));
        assertThat(new Catalogs(folder).mistakes())
                .containsExactly(
                        "catalog.yaml:2: nested deeper than 50 levels (no key of a catalog is deeper than six)");
    }

    @Test
    void yamlThatIsTooLargeIsToldAndNotRead() {
        new Catalogs(folder).with("catalog.yaml", "name: shop\ntitle: " + "x".repeat(1_000_000));
        assertThat(new Catalogs(folder).mistakes())
                .containsExactly("catalog.yaml:1: this file has 1000018 characters, and a catalog at most 1000000"
                        + " (put statements into files of their own, or make two catalogs of it)");
        new Catalogs(folder).with("catalog.yaml", "name: shop\ntitle: " + "x".repeat(50 * 1024 * 1024));
        assertThat(new Catalogs(folder).mistakes())
                .containsExactly(
                        "catalog.yaml:1: cannot be read: it has 52428818 bytes, and a file of a catalog at most 16777216"
                                + " (a file is text in UTF-8, readable and not larger than 16 MB)");
    }

    @Test
    void aliasesMultiplyNothing() {
        StringBuilder yaml = new StringBuilder("name: shop\na0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n");
        for (int n = 1; n < 9; n++) {
            yaml.append("a%d: &a%d [%s]\n".formatted(n, n, ("*a" + (n - 1) + ", ").repeat(10)));
        }
        new Catalogs(folder).with("catalog.yaml", yaml.toString());
        assertThat(new Catalogs(folder).mistakes())
                .containsExactly(
                        "catalog.yaml:6: more than 100000 keys and values, those that aliases repeat among them"
                                + " (make several catalogs of it, or repeat less with '*')");
        new Catalogs(folder).with("catalog.yaml", "name: shop\nendpoints: &e\n  /a: *e\n");
        assertThat(new Catalogs(folder).mistakes())
                .containsExactly("catalog.yaml:3: '*e' names nothing that ends before it"
                        + " (write &e before the value that is meant)");
    }

    @Test
    void aStatementThatIsTooLargeIsTold() {
        new Catalogs(folder)
                .with("catalog.yaml", "name: shop\nendpoints:\n  /a: {answer: list, sql: a.sql}\n")
                .with("a.sql", "select 1 as a -- " + "x".repeat(1_000_000));
        assertThat(new Catalogs(folder).mistakes())
                .containsExactly("a.sql:1: this statement has 1000017 characters, and one has at most 1000000"
                        + " (put its data into a table)");
    }

    @Test
    void onlyAKeptAnswerThatNeedsNoParameterCanBePrewarmedAndOnlyADocumentHasItsTime() {
        new Catalogs(folder)
                .with("catalog.yaml", """
                        name: shop
                        cache:
                          menu: {fresh: 1m, scope: fleet}
                        endpoints:
                          /a: {answer: list, sql: a.sql, prewarm: true}
                          /b/{id}: {answer: list, sql: b.sql, cache: menu, prewarm: true, parameters: {id: {type: int}}}
                          /c: {answer: list, sql: c.sql, cache: menu, prewarm: perhaps}
                          /d: {answer: list, sql: a.sql, cache: menu, prewarm: true, timestamp: at}
                        """)
                .with("a.sql", "select 1 as a")
                .with("b.sql", "select :id::int as a")
                .with("c.sql", "select 1 as a");
        assertThat(new Catalogs(folder).mistakes())
                .containsExactly(
                        "catalog.yaml:3: 'scope' must be one of shared, local, none",
                        "catalog.yaml:5: an answer that is not kept cannot be prewarmed (name a policy in 'cache')",
                        "catalog.yaml:6: nobody can know the value of 'id' before it is asked for"
                                + " (give it a default, or prewarm another endpoint)",
                        "catalog.yaml:7: 'prewarm' must be true or false",
                        "catalog.yaml:8: only a document has a member that says when it was computed (remove it)");
    }

    @Test
    void settingsThatNameNothingAreTold() {
        var settings = new CatalogSettings(
                List.of("statehubb"), List.of(folder.resolve("nowhere")), true, Map.of("statehub", "public"), Map.of());
        assertThat(new CatalogLoader(settings, List.of()).load().mistakes())
                .extracting(Object::toString)
                .containsExactly(
                        "catalogs.enabled: no bundled catalog is called 'statehubb' (did you mean statehub?)",
                        "catalogs.folders " + folder.resolve("nowhere")
                                + ": this folder cannot be read (catalogs.folders names folders that are mounted and readable)",
                        "catalogs.statehub: no catalog that is served has this name (there is none)");
    }

    @Test
    void aPatternIsARegularExpressionAndComesWithAnExampleThatMatches() {
        new Catalogs(folder).with("catalog.yaml", """
                        name: shop
                        endpoints:
                          /items:
                            answer: list
                            sql: items.sql
                            parameters:
                              a: {type: text, pattern: "[", example: x, filter: "a = :a"}
                              b: {type: text, pattern: "[0-9]+", example: x, filter: "b = :b"}
                              c: {type: text, pattern: "[0-9]*", filter: "c = :c"}
                              d: {type: int, pattern: "[0-9]+", filter: "d = :d"}
                        """).with("items.sql", "select * from {items} where {{filters}}");
        assertThat(new Catalogs(folder).mistakes())
                .containsExactly(
                        "catalog.yaml:7: this is no regular expression: Unclosed character class",
                        "catalog.yaml:8: the example does not match the pattern",
                        "catalog.yaml:9: 'example' is missing",
                        "catalog.yaml:10: unknown key 'pattern' (known: default, description, filter, list, maximum, minimum, required, type)");
    }
}
