package dev.headroom.service.catalog.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.headroom.service.catalog.Place;
import dev.headroom.service.catalog.SqlText;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.failure.DatabaseUnavailable;
import dev.headroom.service.database.failure.StatementCancelled;
import dev.headroom.service.database.settings.DatabaseSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements that write or lock are found when catalogs are checked, and not by the first request. */
class ReadOnlyCheckTest extends ShopCatalog {
    private static final String LIST = "name: shop\nendpoints:\n  /items: {answer: list, sql: items.sql}\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "insert into {items} (id) values (1)\\nreturning id | 1 | insert",
                "with ids as (select 1 as id)\\nupdate {items} i set small = 1 from ids where i.id = ids.id returning i.id | 2 | update",
                "with gone as (\\n  delete from {items} returning id)\\nselect id from gone | 2 | delete",
                "select id\\nfrom {items}\\nfor update | 3 | update",
                "select id from (select id from {items}\\n  for key share) i | 2 | share"
            })
    void aStatementThatWritesIsTold(String sql, int line, String word) {
        String entry = "name: shop\nendpoints:\n  /items: {answer: list, sql: items.sql}\n";

        assertThat(check(entry, sql.replace("\\n", "\n")))
                .contains("items.sql:" + line + ": the statement writes or locks rows at '" + word
                        + "', and an endpoint only reads: every request would fail"
                        + " (select, without insert, update, delete, merge and 'for update')");
    }

    @Test
    void writingStatementWithParameterOfAnyTypeIsTold() throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    create type public."Colour" as enum ('red');
                    alter table shop.items add paint public."Colour";
                    """);
        }

        assertThat(check("""
                        name: shop
                        endpoints:
                          /items:
                            answer: list
                            sql: items.sql
                            parameters:
                              paint: {type: enum, values: [red], required: true}
                        """, "select id from {items} where paint = :paint for update"))
                .singleElement()
                .asString()
                .contains("writes or locks rows at 'update'");
    }

    @Test
    void statementThatTheServerRefusesToBeginIsTold() {
        assertThat(check(
                        "name: shop\nendpoints:\n  /items: {answer: list, sql: items.sql}\n",
                        "select id from {items}\nwhere id = 1 / 0 for update"))
                .singleElement()
                .asString()
                .startsWith(
                        "items.sql:2: the database does not run the statement as one that only reads: division by zero");
    }

    @ParameterizedTest
    @ValueSource(strings = {"raise exception 'no id'", "raise null_value_not_allowed"})
    void functionThatOnlyRefusesNullIsFine(String refusal) throws SQLException {
        execute("create function shop.twice(n int) returns int immutable language plpgsql as $$"
                + " begin if n is null then " + refusal + "; end if; return 2 * n; end $$");

        assertThat(check("""
                        name: shop
                        endpoints:
                          /items:
                            answer: list
                            sql: items.sql
                            parameters:
                              n: {type: int, required: true}
                        """, "select id as update from {items} where id = shop.twice(:n)"))
                .isEmpty();
    }

    @Test
    void lockOfAnotherSessionIsAFailureToTryAgain() throws SQLException {
        try (Connection holder = postgres.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table shop.items in exclusive mode");

            String sql = "select id from shop.items for update";
            SqlText text = new SqlText(
                    sql, sql, List.of(), List.of(), List.of(new SqlText.Piece(0, new Place("items.sql", 1))));

            assertThatExceptionOfType(StatementCancelled.class)
                    .isThrownBy(() -> ReadOnlyCheck.mistake(text, List.of(), database.direct()))
                    .withMessageContaining("waited too long for a lock that another session holds")
                    .satisfies(locked -> assertThat(locked.retryAfter()).isPresent());
        }
    }

    @Test
    void lockOfAnotherSessionWhilePreparingIsNoMistake() throws SQLException {
        try (Database impatient = new Database(settings.withStatementTimeout(Duration.ofMillis(300)));
                Connection holder = postgres.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table shop.items in access exclusive mode");

            assertThatExceptionOfType(StatementCancelled.class)
                    .isThrownBy(() -> check(impatient, LIST, "select id from {items}"));
        }
    }

    @Test
    void refusedLoginIsNoMistakeOfTheStatement() {
        String url = postgres.jdbcUrl() + (postgres.jdbcUrl().contains("?") ? "&" : "?") + "user=nobody_of_this_name";
        var otherUser = new DatabaseSettings(
                settings.url(),
                settings.user(),
                settings.password(),
                Optional.of(url),
                settings.pgbouncer(),
                settings.statementTimeout(),
                settings.connectTimeout(),
                settings.pool(),
                settings.replica(),
                settings.watch());

        try (Database refused = new Database(otherUser)) {
            assertThatExceptionOfType(DatabaseUnavailable.class)
                    .isThrownBy(() -> check(refused, LIST, "select id from {items} for update"))
                    .withMessageContaining("the server refuses the user");
        }
    }

    @Test
    void procedureThatAnswersIsTold() throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    create procedure shop.add(n int, out total int) language plpgsql as $$
                    begin insert into shop.items (id) values (n); total := n; end $$""");
        }

        assertThat(check(
                        "name: shop\nendpoints:\n  /items: {answer: list, sql: items.sql}\n",
                        "-- adds\ncall shop.add(1, null)"))
                .containsExactly(
                        "items.sql:2: the statement calls a procedure, and an endpoint only reads: requests may fail"
                                + " (select from a function, or from tables)");
    }

    @Test
    void aFunctionThatWritesIsTold() {
        assertThat(check(
                        "name: shop\nendpoints:\n  /items: {answer: list, sql: items.sql}\n",
                        "select 'nextval(' as a,\n  pg_catalog.NextVal ('shop.numbers') as b"))
                .containsExactly("items.sql:2: nextval() writes, and an endpoint only reads: every request would fail"
                        + " (leave it to the system that writes, or select what it has written)");
    }

    @Test
    void aStatementThatOnlyLooksAsIfItWroteIsFine() {
        assertThat(check("""
                        name: shop
                        endpoints:
                          /items:
                            answer: list
                            sql: items.sql
                            parameters:
                              id: {type: int, filter: "id = :id"}
                              key: {type: text, filter: "doc ? :key"}
                        """, """
                        -- no update, no nextval('x')
                        with share as (select id as "insert", title as merge, 'delete from' as update from {items} where {{filters}})
                        select "insert" as one, merge as two, update as three, E'it\\'s nextval(' as four, $x$ for update $x$ as five, $$ for update, lo_put( $$ as six,
                               'it''s nextval(' as seven, E'\\\\' || 'setval(' as eight, a$b$c as nine
                        from share, (select 1 as a$b$c) named""")).isEmpty();
    }
}
