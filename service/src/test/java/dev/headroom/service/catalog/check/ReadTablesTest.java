package dev.headroom.service.catalog.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.StatehubDatabase;
import dev.headroom.service.catalog.load.Catalogs;
import dev.headroom.service.database.statement.Query;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadTablesTest {
    @TempDir
    Path folder;

    private final StatehubDatabase statehub = new StatehubDatabase();

    @AfterEach
    void close() {
        statehub.close();
    }

    @Test
    void everyTableOfAStatementAndOfItsAlternativesIsFound() throws SQLException {
        assertThat(tables("/topics/{id}"))
                .containsExactly("decisions", "domains", "progress_events", "topics", "workstreams");
        assertThat(tables("/sbom/snapshots/")).containsExactly("managed_repos", "sbom_snapshots");
        assertThat(tables("/tasks/")).containsExactly("tasks");
        assertThat(tables("/state/summary")).hasSize(9);
    }

    @Test
    void viewsInViewsFunctionsAndPartitionsAreFollowed() throws SQLException {
        statehub.execute("""
                create table events (id int, at date) partition by range (at);
                create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
                create view inner_view as select d.id, d.slug from domains d where exists (select from events);
                create view outer_view as select * from inner_view;
                create function newest() returns timestamptz language sql stable
                    begin atomic select max(created_at) from decisions; end;
                """);
        assertThat(tables("""
                select o.slug, newest.at as slug2 from {outer_view} o, (select statehub.newest() as at) newest
                where o.id = :id and false and '?' <> 'a' and '{}'::jsonb ? 'k'
                """, "{id: {type: uuid}}")).containsExactly("decisions", "domains", "events", "events_2026");
    }

    @Test
    void aRoleWhoseTransactionsOnlyReadIsToldAsWell() throws SQLException {
        statehub.execute("""
                do $$ begin
                    execute format('alter role current_user in database %I set default_transaction_read_only = on',
                                   current_database());
                end $$
                """);
        assertThat(tables("/tasks/")).containsExactly("tasks");
    }

    @Test
    void aStatementThatTheRoleMayNotPrepareIsNotTakenForARoleThatMayNotAsk() throws SQLException {
        String role = "asks_" + ProcessHandle.current().pid();
        Endpoint endpoint = statehub.loaded().endpoints().stream()
                .filter(each -> each.path().text().equals("/tasks/"))
                .findFirst()
                .orElseThrow();
        statehub.execute("create role " + role);
        try (Connection connection = new ReadTables(statehub.database().direct()).connect()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("set role " + role);
            }
            connection.commit();
            ReadTables asking = new ReadTables(statehub.database().direct());
            assertThatThrownBy(() -> asking.of(endpoint, connection))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState()).isEqualTo("42000"))
                    .hasMessageContaining("permission denied for schema statehub")
                    .hasMessageContaining("grant usage on schema statehub to the role of database.user");
            statehub.execute("grant usage on schema statehub to " + role);
            assertThat(asking.of(endpoint, connection).tables())
                    .extracting(ReadTables.Table::name)
                    .containsExactly("tasks");
            statehub.execute("do $$ begin execute format('revoke temporary on database %I from public',"
                    + " current_database()); end $$");
            assertThatThrownBy(() -> asking.of(endpoint, connection))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState()).isEqualTo("42501"))
                    .hasMessageContaining("temporary");
        } finally {
            statehub.execute("drop owned by " + role + "; drop role " + role);
        }
    }

    @Test
    void parameterMayHaveTypeWithCapitals() throws SQLException {
        statehub.execute(
                "create type public.\"Colour\" as enum ('red'); create table paints (id int, colour public.\"Colour\")");

        assertThat(tables("select id from {paints} where colour = :id", "{id: {type: enum, values: [red]}}"))
                .containsExactly("paints");
    }

    @Test
    void nothingOfItStays() throws SQLException {
        tables("/tasks/");
        var left = statehub.database()
                .rows(
                        Query.of("left", "select relname from pg_class where relname = 'headroom_reads'"),
                        row -> row.getString(1));
        assertThat(left).isEmpty();
    }

    private List<String> tables(String path) throws SQLException {
        Endpoint endpoint = statehub.loaded().endpoints().stream()
                .filter(each -> each.path().text().equals(path))
                .findFirst()
                .orElseThrow();
        return names(endpoint);
    }

    private List<String> tables(String sql, String parameters) throws SQLException {
        var loaded = new Catalogs(folder)
                .with("catalog.yaml", """
                        name: other
                        schema: statehub
                        endpoints:
                          /items/{id}: {answer: list, sql: items.sql, parameters: %s}
                        """.formatted(parameters))
                .with("items.sql", sql)
                .load();
        assertThat(loaded.mistakes()).isEmpty();
        return names(loaded.endpoints().getFirst());
    }

    private List<String> names(Endpoint endpoint) throws SQLException {
        return new ReadTables(statehub.database().direct())
                .of(endpoint).tables().stream().map(ReadTables.Table::name).toList();
    }
}
