package dev.headroom.service.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.service.database.failure.DatabaseFull;
import dev.headroom.service.database.failure.StatementFailed;
import dev.headroom.service.database.failure.ValueRefused;
import dev.headroom.service.database.statement.Param;
import dev.headroom.service.database.statement.Query;
import dev.headroom.service.database.statement.SqlType;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabaseTest {

    private static TestDatabase test;

    @BeforeAll
    static void open() throws SQLException {
        test = TestDatabase.open();
        test.execute("""
                create type mood as enum ('sad', 'happy');
                create table people (id uuid primary key, name text not null, age int, mood mood, notes jsonb);
                insert into people values
                  ('00000000-0000-0000-0000-000000000001', 'Ann', 41, 'happy', '{"k": [1, 2]}'),
                  ('00000000-0000-0000-0000-000000000002', 'Bob', null, 'sad', null);
                """);
    }

    @AfterAll
    static void close() {
        test.close();
    }

    @AfterEach
    void noConnectionStaysInUse() {
        assertThat(test.active()).isZero();
    }

    @Test
    void aListIsAnArrayOfAllRowsWithJsonEmbeddedAndNullsWritten() {
        assertThat(test.list("select name, age, notes from people order by name"))
                .isEqualTo("[{\"name\":\"Ann\",\"age\":41,\"notes\":{\"k\": [1, 2]}},"
                        + "{\"name\":\"Bob\",\"age\":null,\"notes\":null}]");
    }

    @Test
    void aListWithoutRowsIsAnEmptyArray() {
        assertThat(test.list("select name from people where false")).isEqualTo("[]");
    }

    @Test
    void columnsThatChangeUnderAStatementAreWrittenAsTheyAreNow() throws SQLException {
        test.execute("create table moving (a int); insert into moving values (1)");
        for (int run = 0; run < 10; run++) { // after the fifth the driver asks for binary
            assertThat(test.list("select * from moving")).isEqualTo("[{\"a\":1}]");
        }
        test.execute("alter table moving rename a to b; alter table moving alter b type text");
        assertThat(test.list("select * from moving")).isEqualTo("[{\"b\":\"1\"}]");
        test.execute("drop table moving");
    }

    @Test
    void rowsAsValuesAreWrittenAsTheirTableIsNow() throws SQLException {
        test.execute("create table parts (a int, b text); insert into parts values (1, 'x')");
        String sql = "select parts as part, array[parts] as parts from parts";
        assertThat(test.list(sql)).contains("{\"part\":{\"a\":1,\"b\":\"x\"}");
        test.execute("alter table parts add c int default 3");
        assertThat(test.list(sql)).contains("\"parts\":[{\"a\":1,\"b\":\"x\",\"c\":3}]");
        test.execute("alter table parts drop a; alter table parts drop b");
        assertThat(test.list(sql)).isEqualTo("[{\"part\":{\"c\":3},\"parts\":[{\"c\":3}]}]");
        test.execute("drop table parts");
    }

    @Test
    void aFullDiskIsNamedAndWorthTryingAgainLater() throws SQLException {
        test.execute("""
                create function no_room() returns text language plpgsql as $$
                begin raise exception 'could not extend file' using errcode = '53100'; end $$""");
        assertThatThrownBy(() -> test.list("select no_room()"))
                .isInstanceOfSatisfying(
                        DatabaseFull.class,
                        full -> assertThat(full.retryAfter()).isPresent())
                .hasMessageContaining("disk of the database server is full");
    }

    @Test
    void anObjectIsTheFirstRowOrNothing() {
        Query ann = Query.of("ann", "select name from people where age = ?", new Param(SqlType.INTEGER, 41));
        Query nobody = Query.of("nobody", "select name from people where age = ?", new Param(SqlType.INTEGER, 7));

        assertThat(test.database().object(ann))
                .hasValueSatisfying(json -> assertThat(new String(json, UTF_8)).isEqualTo("{\"name\":\"Ann\"}"));
        assertThat(test.database().object(nobody)).isEmpty();
    }

    @Test
    void aDocumentIsWhatTheStatementBuiltOrNothing() {
        Query built = Query.of("built", "select json_build_object('n', count(*)) from people");
        Query none = Query.of("none", "select notes from people where name = 'Bob'");

        assertThat(test.database().document(built))
                .hasValueSatisfying(json -> assertThat(new String(json, UTF_8)).isEqualTo("{\"n\" : 2}"));
        assertThat(test.database().document(none)).isEmpty();
    }

    @Test
    void rowsBecomeRecords() {
        assertThat(test.database()
                        .rows(Query.of("names", "select name from people order by 1"), row -> row.getString(1)))
                .containsExactly("Ann", "Bob");
    }

    @Test
    void aParameterOfEveryTypeReachesTheServerExactly() {
        String sql = "select ?::text a, ?::int b, ?::bigint c, ?::numeric d, ?::float8 e, ?::boolean f, ?::uuid g,"
                + " ?::date h, ?::time i, ?::timestamp j, ?::timestamptz k";
        UUID uuid = UUID.fromString("12345678-9abc-def0-1234-56789abcdef0");
        OffsetDateTime instant = OffsetDateTime.of(2024, 2, 29, 23, 30, 0, 123_456_000, ZoneOffset.ofHours(-2));
        assertThat(test.list(
                        sql,
                        new Param(SqlType.TEXT, "it's \"q\" \\ ü 🌀 ?"),
                        new Param(SqlType.INTEGER, Integer.MIN_VALUE),
                        new Param(SqlType.BIGINT, Long.MAX_VALUE),
                        new Param(SqlType.NUMERIC, new BigDecimal("12345678901234567890.1234567890")),
                        new Param(SqlType.DOUBLE, 0.1),
                        new Param(SqlType.BOOLEAN, true),
                        new Param(SqlType.UUID, uuid),
                        new Param(SqlType.DATE, LocalDate.of(-43, 3, 15)),
                        new Param(SqlType.TIME, LocalTime.of(23, 59)),
                        new Param(SqlType.TIMESTAMP, LocalDateTime.of(12024, 1, 1, 0, 0)),
                        new Param(SqlType.TIMESTAMPTZ, instant)))
                .isEqualTo("[{\"a\":\"it's \\\"q\\\" \\\\ ü 🌀 ?\",\"b\":-2147483648,\"c\":9223372036854775807,"
                        + "\"d\":12345678901234567890.1234567890,\"e\":0.1,\"f\":true,"
                        + "\"g\":\"12345678-9abc-def0-1234-56789abcdef0\",\"h\":\"0044-03-15 BC\",\"i\":\"23:59:00\","
                        + "\"j\":\"12024-01-01T00:00:00\",\"k\":\"2024-03-01T01:30:00.123456+00:00\"}]");
    }

    @Test
    void aListIsBoundAsAnArrayAndNullAsNull() {
        assertThat(test.list(
                        "select name from people where name = any(?) or age is not distinct from ? order by 1",
                        new Param(SqlType.TEXT, List.of("Ann", "a,\"b\\{}", "NULL", "")),
                        new Param(SqlType.INTEGER, null)))
                .isEqualTo("[{\"name\":\"Ann\"},{\"name\":\"Bob\"}]");
        assertThat(test.list("select ?::text[] as t", new Param(SqlType.TEXT, List.of("a,\"b\\{}", "NULL", ""))))
                .isEqualTo("[{\"t\":[\"a,\\\"b\\\\{}\",\"NULL\",\"\"]}]");
    }

    @Test
    void aTextComparesWithAnEnumWithoutACast() {
        assertThat(test.list("select name from people where mood = ?", new Param(SqlType.TEXT, "sad")))
                .isEqualTo("[{\"name\":\"Bob\"}]");
    }

    @Test
    void aParameterRefusesAValueOfAnotherType() {
        assertThatThrownBy(() -> new Param(SqlType.UUID, "abc"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("UUID");
        assertThatThrownBy(() -> new Param(SqlType.INTEGER, List.of(1L))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aValueThatTheServerRefusesIsToldFromABrokenStatement() {
        assertThatThrownBy(() -> test.list("select name from people where mood = ?", new Param(SqlType.TEXT, "odd")))
                .isInstanceOf(ValueRefused.class)
                .hasMessageNotContaining("odd");
        assertThatThrownBy(() -> test.list("select ?::text", new Param(SqlType.TEXT, "a\0b")))
                .isInstanceOf(ValueRefused.class);
        assertThatThrownBy(() -> test.list("select nothing from people"))
                .isInstanceOf(StatementFailed.class)
                .hasMessageContaining("42703");
        assertThatThrownBy(() -> test.list("select name::int from people"))
                .as("nobody gave a value: it is one of a row")
                .isInstanceOf(StatementFailed.class)
                .hasMessageContaining("22P02")
                .hasStackTraceContaining("a value of a row")
                .matches(failure -> !failure.getCause().getMessage().contains("Ann"));
    }

    @Test
    void aStatementThatWritesIsRefused() {
        assertThatThrownBy(() -> test.list("delete from people returning name"))
                .isInstanceOf(StatementFailed.class)
                .hasMessageContaining("25006")
                .hasMessageContaining("endpoints run read only");
        assertThat(test.list("select count(*) n from people")).isEqualTo("[{\"n\":2}]");
    }

    @Test
    void timesAreUtcInWhateverZoneTheServiceRuns() {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
        try (Database elsewhere = new Database(TestDatabase.settings(test.server()))) {
            String sql = "select '2024-01-01 00:00+00'::timestamptz as t, current_setting('TimeZone') as z";
            assertThat(new String(elsewhere.list(Query.of("zone", sql)), UTF_8))
                    .isEqualTo("[{\"t\":\"2024-01-01T00:00:00+00:00\",\"z\":\"UTC\"}]");
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void aTableThatGetsAColumnWhileWeRunBreaksNothing() throws SQLException {
        test.execute("create table growing (a int); insert into growing values (1)");
        for (int run = 0; run < 20; run++) {
            assertThat(test.list("select * from growing")).isEqualTo("[{\"a\":1}]");
        }
        test.execute("alter table growing add column b int default 2");
        for (int run = 0; run < 5; run++) {
            assertThat(test.list("select * from growing")).isEqualTo("[{\"a\":1,\"b\":2}]");
        }
    }

    @Test
    void aDirectConnectionMayWriteAndHasNoStatementTimeout() throws SQLException {
        try (var connection = test.database().direct().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create table written (a int)");
            try (var row = statement.executeQuery("show statement_timeout")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("0");
            }
        }
    }
}
