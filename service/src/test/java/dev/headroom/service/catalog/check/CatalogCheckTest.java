package dev.headroom.service.catalog.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.headroom.service.catalog.load.Catalogs;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.settings.DatabaseSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class CatalogCheckTest extends ShopCatalog {
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
                              price: {type: decimal, minimum: 0.01, filter: "price <= :price"}
                              part: {type: json, filter: "doc @> :part"}
                              some: {type: text, list: true, filter: "tags[lo:hi] && :some"}
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
                                + " (did you mean items?)");
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
                                + " (declare type: uuid)",
                        "catalog.yaml:8: parameter 'id' is one value, and the statement takes _int4 here"
                                + " (declare it with list: true)",
                        "catalog.yaml:9: parameter 'small' may be up to 2147483647, and the statement takes int2 here,"
                                + " up to 32767 (declare maximum: 32767, or cast it in the SQL: :small::int)",
                        "catalog.yaml:10: parameter 'title' is a list, and the statement takes text here"
                                + " (write = any(:title), or remove 'list')");
    }

    @Test
    void whatToWriteInsteadIsWhatWouldPass() {
        assertThat(check("""
                        name: shop
                        endpoints:
                          /items:
                            answer: list
                            sql: items.sql
                            parameters:
                              doc: {type: text, filter: "doc @> :doc"}
                              small: {type: bigint, filter: "small = :small"}
                              id: {type: decimal, filter: "id = :id"}
                              price: {type: text, filter: "price = :price"}
                              plain: {type: timestamptz, filter: "plain > :plain"}
                              ref: {type: int, filter: "ref = :ref"}
                              address: {type: text, filter: "address = :address"}
                        """, "select id from {items} where {{filters}}"))
                .containsExactly(
                        "catalog.yaml:7: parameter 'doc' is declared text, and the statement takes jsonb here"
                                + " (declare type: json, or build the JSON in the SQL: to_jsonb(:doc::text))",
                        "catalog.yaml:8: parameter 'small' may be up to 9223372036854775807, and the statement takes int2"
                                + " here, up to 32767 (declare maximum: 32767, or cast it in the SQL: :small::bigint)",
                        "catalog.yaml:9: parameter 'id' is declared decimal, and the statement takes int4 here"
                                + " (declare type: int, or cast it in the SQL: :id::numeric)",
                        "catalog.yaml:10: parameter 'price' is declared text, and the statement takes numeric here"
                                + " (declare type: decimal)",
                        "catalog.yaml:11: parameter 'plain' is declared timestamptz, and the statement takes timestamp here"
                                + " (declare type: timestamp, or cast it in the SQL: :plain::timestamptz)",
                        "catalog.yaml:12: parameter 'ref' is declared int, and the statement takes uuid here"
                                + " (declare type: uuid)",
                        "catalog.yaml:13: parameter 'address' is declared text, and the statement takes inet here"
                                + " (declare type: text, and cast it in the SQL: :address::text::inet)");
        assertThat(check("""
                        name: shop
                        endpoints:
                          /items:
                            answer: list
                            sql: items.sql
                            parameters:
                              doc: {type: text, filter: "doc @> to_jsonb(:doc::text)"}
                              small: {type: bigint, filter: "small = :small::bigint"}
                              id: {type: decimal, filter: "id = :id::numeric"}
                              price: {type: decimal, filter: "price = :price"}
                              plain: {type: timestamptz, filter: "plain > :plain::timestamptz"}
                              ref: {type: uuid, filter: "ref = :ref"}
                              address: {type: text, filter: "address = :address::text::inet"}
                        """, "select id from {items} where {{filters}}")).isEmpty();
    }

    @Test
    void aTableWithoutBracesIsTold() {
        String entry = "name: shop\nendpoints:\n  /items: {answer: list, sql: items.sql}\n";
        assertThat(check(entry, "select id\nfrom items"))
                .containsExactly("items.sql:2: the database refuses the statement: relation \"items\" does not exist"
                        + " (a table is written in braces: {items})");
        assertThat(check(entry, "select id\nfrom orders"))
                .containsExactly("items.sql:2: the database refuses the statement: relation \"orders\" does not exist"
                        + " (a table is written in braces, as in {items}; known: items)");
    }

    @Test
    void anEnumTakesOnlyLabelsThatItsTypeHas() {
        assertThat(check("""
                        name: shop
                        endpoints:
                          /items:
                            answer: list
                            sql: items.sql
                            parameters:
                              colour: {type: enum, values: [red, bleu], filter: "colour = :colour"}
                              colours:
                                {type: enum, values: [red, green], list: true, filter: "colour = any(:colours)"}
                              title: {type: enum, values: [green], filter: "title = :title"}
                        """, "select id from {items} where {{filters}}"))
                .containsExactly(
                        "catalog.yaml:7: parameter 'colour' takes 'bleu', which the database's enum colour does not have"
                                + " (did you mean blue?)",
                        "catalog.yaml:8: parameter 'colours' takes 'green', which the database's enum colour does not have"
                                + " (known: red, blue)");
    }

    @Test
    void aNameToSortByIsOneOfTheAnswer() {
        assertThat(check("""
                        name: shop
                        endpoints:
                          /items:
                            answer: list
                            sql: items.sql
                            order: [i.id]
                            sort: [i.title, i.made]
                        """, "select id, title as name, made from {items} i order by {{order}}"))
                .containsExactly("catalog.yaml:7: requests sort by 'title', and the answer has no column of that name"
                        + " (say what the answer calls it, as in sort: {name: i.title}; its columns: id, name, made)");
        assertThat(check("""
                        name: shop
                        endpoints:
                          /items:
                            answer: list
                            sql: items.sql
                            order: [i.id]
                            sort: {name: i.title, made: i.made}
                        """, "select id, title as name, made from {items} i order by {{order}}"))
                .isEmpty();
        assertThat(check("""
                        name: shop
                        endpoints:
                          /items:
                            answer: list
                            sql: items.sql
                            order: [i.id]
                            sort: {nam: i.title}
                        """, "select id, title as name, made from {items} i order by {{order}}"))
                .containsExactly("catalog.yaml:7: requests sort by 'nam', and the answer has no column of that name"
                        + " (say what the answer calls it, as in sort: {name: i.title}; its columns: id, name, made)");
    }

    @Test
    void whatFollowsFromAMistakeIsNotToldAsAnother() {
        assertThat(check("""
                        name: shop
                        endpoints:
                          /items:
                            answer: list
                            sql: items.sql
                            parameters:
                              made: {type: dat, filter: "made > :made"}
                              ref:
                                filter: "ref = :ref"
                                type: uid
                        """, "select id from {items} where {{filters}}; drop table {items}"))
                .containsExactly(
                        "catalog.yaml:7: 'type' must be one of text, int, bigint, decimal, boolean, uuid, date, timestamp,"
                                + " timestamptz, json, enum (did you mean date?)",
                        "catalog.yaml:10: 'type' must be one of text, int, bigint, decimal, boolean, uuid, date, timestamp,"
                                + " timestamptz, json, enum (did you mean uuid?)",
                        "items.sql:1: a second statement after the semicolon (one file holds one statement)");
    }

    @Test
    void aNameInAStringIsNoTableWithoutBraces() {
        assertThat(check(
                        "name: shop\nendpoints:\n  /items: {answer: list, sql: items.sql}\n",
                        "select nextval('foo') as id from {items}"))
                .containsExactly("items.sql:1: the database refuses the statement: relation \"foo\" does not exist"
                        + " (a name in a string is looked for on the search path: write it with its schema)");
    }

    @Test
    void theHistoryOfMigrationsIsNoTableToOffer() throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table shop.shop_schema_history (id int)");
        }
        assertThat(check(
                        "name: shop\nendpoints:\n  /items: {answer: list, sql: items.sql}\n",
                        "select id from {orders}"))
                .containsExactly("items.sql:1: the database refuses the statement: relation \"shop.orders\" does not"
                        + " exist (known: items)");
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
                .contains("items.sql:1: the statement answers with no columns; it must be a query (answer: list)");
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
}
