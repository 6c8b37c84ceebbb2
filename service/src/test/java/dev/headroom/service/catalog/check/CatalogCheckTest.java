package dev.headroom.service.catalog.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.headroom.service.catalog.load.Catalogs;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogCheckTest {
    @TempDir
    Path folder;

    private final TestPostgres.Database postgres = TestPostgres.database();
    private final Database database =
            new Database(DatabaseSettings.of(postgres.jdbcUrl(), postgres.user(), postgres.password()));

    @BeforeEach
    void tables() throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    create schema shop;
                    create type shop.colour as enum ('red', 'blue');
                    create table shop.items (id int primary key, ref uuid, small smallint, title varchar(10),
                                             colour shop.colour, made timestamptz, tags text[], doc jsonb);
                    """);
        }
    }

    @AfterEach
    void close() {
        database.close();
        postgres.close();
    }

    @Test
    void everyKindOfParameterFitsItsColumn() {
        assertThat(check("""
                        name: shop
                        endpoints:
                          /items:
                            answer: list
                            sql: items.sql
                            paging: {default: all}
                            parameters:
                              id: {type: int, list: true, filter: "id = any(:id)"}
                              ref: {type: uuid, filter: "ref = :ref"}
                              small: {type: int, minimum: 0, maximum: 100, filter: "small = :small"}
                              title: {type: text, filter: "title = :title"}
                              colour: {type: enum, values: [red, blue], list: true, filter: "colour = any(:colour)"}
                              since: {type: timestamptz, filter: "made >= :since"}
                              day: {type: date, filter: "made < :day"}
                              tag: {type: text, filter: "tags @> array[:tag]"}
                              key: {type: text, filter: "doc ? :key"}
                        """, "select id, title from {items} where {{filters}} limit :limit offset :offset"))
                .isEmpty();
    }

    @Test
    void aTableThatTheUserMayNotReadIsToldWithTheGrantThatIsMissing() throws SQLException {
        String reader = "reader_" + postgres.name();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    create role "%1$s" login password 'reader';
                    grant usage on schema shop to "%1$s";
                    grant select (id) on shop.items to "%1$s";
                    create table shop.secrets (id int);
                    """.formatted(reader));
            try (Database readers = new Database(DatabaseSettings.of(postgres.jdbcUrl(), reader, "reader"))) {
                String yaml =
                        "name: shop\nendpoints:\n  /items: {answer: list, sql: items.sql, paging: {default: all}}\n";
                String sql = "select id from {items} join {secrets} using (id) limit :limit offset :offset";
                assertThat(check(readers, yaml, sql))
                        .singleElement()
                        .asString()
                        .contains("database.user may not read table shop.secrets")
                        .contains("grant select on shop.secrets to " + reader);
            } finally {
                statement.execute("drop owned by \"%1$s\"; drop role \"%1$s\"".formatted(reader));
            }
        }
    }

    @Test
    void aRefusedStatementIsToldWithTheLineInItsOwnFile() {
        assertThat(check("""
                        name: shop
                        endpoints:
                          /items:
                            answer: list
                            sql: items.sql
                            parameters:
                              title:
                                type: text
                                filter: titel = :title
                        """, "select id,\n -- a comment\n  titl\nfrom {items}\nwhere {{filters}}"))
                .containsExactly("items.sql:3: the database refuses the statement: column \"titl\" does not exist"
                        + " (Perhaps you meant to reference the column \"items.title\".)");
        assertThat(check("""
                        name: shop
                        endpoints:
                          /items:
                            answer: list
                            sql: items.sql
                            parameters:
                              title:
                                type: text
                                filter: titel = :title
                        """, "select id from {items} where {{filters}}"))
                .containsExactly("catalog.yaml:9: the database refuses the statement: column \"titel\" does not exist"
                        + " (Perhaps you meant to reference the column \"items.title\".)");
    }

    @Test
    void aTableThatIsNotThereIsToldWithTheOneThatWasMeant() {
        assertThat(check(
                        "name: shop\nendpoints:\n  /items: {answer: list, sql: items.sql}\n",
                        "select 1 as one\nfrom {itmes}"))
                .containsExactly(
                        "items.sql:2: the database refuses the statement: relation \"shop.itmes\" does not exist"
                                + " (did you mean 'items'?)");
        assertThat(check(
                        "name: shop\nschema: market\nendpoints:\n  /items: {answer: list, sql: items.sql}\n",
                        "select 1 as one from {items}"))
                .containsExactly(
                        "items.sql:1: the database refuses the statement: relation \"market.items\" does not exist"
                                + " (schema 'market' has no tables: set catalogs.<name>.schema, or let catalogs.migrate create them)");
    }

    @Test
    void aParameterThatCannotBeWhatTheStatementTakesIsTold() {
        assertThat(check("""
                        name: shop
                        endpoints:
                          /items:
                            answer: list
                            sql: items.sql
                            parameters:
                              ref: {type: text, filter: "ref = :ref"}
                              id: {type: int, filter: "id = any(:id)"}
                              small: {type: int, filter: "small = :small"}
                              title: {type: text, list: true, filter: "title = :title"}
                        """, "select id from {items} where {{filters}}"))
                .containsExactly(
                        "catalog.yaml:7: parameter 'ref' is declared text, and the statement takes uuid here"
                                + " (declare the type that is meant, or cast in the SQL as in :x::int)",
                        "catalog.yaml:8: parameter 'id' is one value, and the statement takes _int4 here"
                                + " (declare the type that is meant, or cast in the SQL as in :x::int)",
                        "catalog.yaml:9: parameter 'small' may be up to 2147483647, and the statement takes int2 here,"
                                + " up to 32767 (declare the type that is meant, or cast in the SQL as in :x::int)",
                        "catalog.yaml:10: parameter 'title' is a list, and the statement takes text here"
                                + " (declare the type that is meant, or cast in the SQL as in :x::int)");
    }

    @Test
    void anAnswerIsWhatTheEntryPromises() {
        assertThat(check(
                        "name: shop\nendpoints:\n  /items: {answer: document, sql: items.sql}\n",
                        "select id, doc from {items}"))
                .containsExactly("items.sql:1: a document is one column, and the statement has 2 (answer: document)");
        assertThat(check(
                        "name: shop\nendpoints:\n  /items: {answer: document, sql: items.sql}\n",
                        "select title from {items}"))
                .containsExactly(
                        "items.sql:1: a document is json or jsonb, and the statement's column is varchar (answer: document)");
        assertThat(check(
                        "name: shop\nendpoints:\n  /items: {answer: list, sql: items.sql}\n",
                        "select id, 1 + 1 from {items}"))
                .containsExactly("items.sql:1: a column has no name; write 'as' and one (answer: list)");
        assertThat(check(
                        "name: shop\nendpoints:\n  /items: {answer: object, sql: items.sql}\n",
                        "select id, id from {items}"))
                .containsExactly("items.sql:1: two columns are called 'id' (answer: object)");
        assertThat(check("name: shop\nendpoints:\n  /items: {answer: list, sql: items.sql}\n", "delete from {items}"))
                .containsExactly(
                        "items.sql:1: the statement answers with no columns; it must be a query (answer: list)");
    }

    @Test
    void aColumnWhoseJsonOnlyTheServerCanMakeIsToldWithWhatToWrite() throws SQLException {
        try (Connection connection = postgres.with("hstore").connect();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    create function shop.named(shop.colour) returns json language sql as 'select to_json(''a '' || $1)';
                    create cast (shop.colour as json) with function shop.named(shop.colour);
                    create type shop.paint as (made date, colour shop.colour);
                    create domain shop.dark as shop.colour;
                    """);
        }
        String entry = "name: shop\nendpoints:\n  /items: {answer: list, sql: items.sql}\n";
        assertThat(check(entry, """
                        select colour, array[colour] as colours, row(null, colour)::shop.paint as paint, i as item,
                               colour::shop.dark as dark, row(1, 2) as anonymous, array[row(1, 2)] as more
                        from {items} i"""))
                .containsExactly(
                        onlyTheServer("colour", "\"shop\".\"colour\""),
                        onlyTheServer("colours", "\"shop\".\"_colour\""),
                        onlyTheServer("paint", "\"shop\".\"paint\""),
                        onlyTheServer("item", "\"shop\".\"items\""),
                        onlyTheServer("dark", "\"shop\".\"colour\""),
                        onlyTheServer("anonymous", "record"),
                        onlyTheServer("more", "_record"));
        assertThat(check(entry, """
                        select to_json(colour) as colour, colour::text as name, to_json(row(1, 2)) as anonymous,
                               hstore('a', 'b') as pairs, array[hstore('a', 'b')] as more, tags, doc
                        from {items} i""")).isEmpty();
    }

    private static String onlyTheServer(String column, String type) {
        return "items.sql:1: only the server can make JSON of column '" + column + "', whose type is " + type
                + " (select to_json(…) as it, or a cast of it to text)";
    }

    @Test
    void theReportNamesTheColumnsForTheDocumentation() {
        Catalogs catalogs = new Catalogs(folder)
                .with("catalog.yaml", "name: shop\nendpoints:\n  /items: {answer: list, sql: items.sql}\n")
                .with("items.sql", "select id, tags, made from {items}");
        CheckReport report = new CatalogCheck(database).check(catalogs.load());
        assertThat(report.columns().get("shop.items"))
                .extracting("name", "type")
                .containsExactly(tuple("id", "int4"), tuple("tags", "_text"), tuple("made", "timestamptz"));
        assertThat(report.text()).isEqualTo("catalogs: 1 endpoint, no mistakes");
    }

    private List<String> check(String yaml, String sql) {
        return check(database, yaml, sql);
    }

    private List<String> check(Database asked, String yaml, String sql) {
        Catalogs catalogs = new Catalogs(folder).with("catalog.yaml", yaml).with("items.sql", sql);
        return new CatalogCheck(asked)
                .check(catalogs.load()).mistakes().stream().map(catalogs::told).toList();
    }
}
