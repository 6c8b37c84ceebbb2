package dev.headroom.service.database.pool;

import static dev.headroom.service.database.statement.StatementDescription.Form.ARRAY;
import static dev.headroom.service.database.statement.StatementDescription.Form.PLAIN;
import static dev.headroom.service.database.statement.StatementDescription.Form.ROW;
import static dev.headroom.service.database.statement.StatementDescription.Nullable.NO;
import static dev.headroom.service.database.statement.StatementDescription.Nullable.UNKNOWN;
import static dev.headroom.service.database.statement.StatementDescription.Nullable.YES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.headroom.service.database.TestDatabase;
import dev.headroom.service.database.failure.StatementInvalid;
import dev.headroom.service.database.statement.StatementDescription;
import dev.headroom.service.database.statement.StatementDescription.Column;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DescribeTest {

    private static TestDatabase test;

    @BeforeAll
    static void open() throws SQLException {
        test = TestDatabase.open();
        test.execute("""
                create schema app;
                create type app.mood as enum ('sad');
                create domain app.positive as int check (value > 0);
                create type app._odd as enum ('odd');
                create type app.pair as (one int, other int);
                create domain app.twice as app.pair;
                create table app.people (id uuid primary key, name text not null, age int, mood app.mood, n app.positive,
                                         tags text[], notes jsonb, at timestamptz not null);
                """);
    }

    @AfterAll
    static void close() {
        assertThat(test.active()).isZero();
        test.close();
    }

    @Test
    void columnsHaveTheServersTypesAndAreNullableAsTheTableSays() {
        assertThat(test.database()
                        .describe("select id, name, age, mood, n, tags, notes, at, count(*) over () from app.people")
                        .columns())
                .containsExactly(
                        new Column("id", "uuid", PLAIN, NO),
                        new Column("name", "text", PLAIN, NO),
                        new Column("age", "int4", PLAIN, YES),
                        new Column("mood", "\"app\".\"mood\"", PLAIN, YES),
                        new Column("n", "int4", PLAIN, YES),
                        new Column("tags", "_text", ARRAY, YES),
                        new Column("notes", "jsonb", PLAIN, YES),
                        new Column("at", "timestamptz", PLAIN, NO),
                        new Column("count", "int8", PLAIN, UNKNOWN));
    }

    @Test
    void columnsOfRowsAndArraysAreToldApartFromOthersWhateverTheyAreCalled() {
        assertThat(test.database()
                        .describe("select p, array[mood] as moods, array[p] as people, null::app.twice as twice,"
                                + " null::app._odd as odd from app.people p")
                        .columns())
                .extracting(Column::form)
                .containsExactly(ROW, ARRAY, ARRAY, ROW, PLAIN);
    }

    @Test
    void behindAnOuterJoinNothingIsCalledCertain() {
        assertThat(test.database()
                        .describe("select p.name from app.people b left join app.people p using (id)")
                        .columns())
                .containsExactly(new Column("name", "text", PLAIN, UNKNOWN));
    }

    @Test
    void parametersHaveTheTypesThatTheContextGivesThem() {
        StatementDescription description = test.database()
                .describe(
                        "select name from app.people where id = ? and tags && ? and age = any(?) and mood = ? limit ?");
        assertThat(description.parameterTypes()).containsExactly("uuid", "_text", "_int4", "\"app\".\"mood\"", "int8");
    }

    @Test
    void describingRunsNothing() {
        assertThat(test.database().describe("select 1 / 0 as boom").columns()).hasSize(1);
    }

    @Test
    void aMistakeIsFoundAtItsPlaceInTheSqlAsItWasGiven() {
        String sql = "select name\nfrom app.people\nwhere age = ? and name = ? and notes ?? 'k' and nope = ?";
        StatementInvalid mistake = invalid(sql);
        assertThat(mistake.sqlState()).isEqualTo("42703");
        assertThat(mistake).hasMessageContaining("nope");
        assertThat(sql.substring(mistake.offset())).startsWith("nope");
    }

    @Test
    void thePlaceIsRightBehindMoreThanNineParametersStringsAndComments() {
        String sql = "select 'it''s ?' /* ? */, \"na?me\" -- ?\n from app.people where age in (" + "?, ".repeat(11)
                + "?) or nope";
        StatementInvalid mistake = invalid(sql.replace("\"na?me\"", "name"));
        assertThat(sql.replace("\"na?me\"", "name").substring(mistake.offset())).startsWith("nope");
        assertThat(sql.substring(invalid(sql).offset())).startsWith("\"na?me\"");
    }

    @Test
    void aHintOfTheServerIsHandedOn() {
        assertThat(invalid("select nam from app.people").hint()).contains("people.name");
    }

    @Test
    void whatHasNoPlaceHasOffsetMinusOneOrTheEnd() {
        assertThat(invalid("select name from").offset()).isEqualTo("select name from".length());
        assertThat(invalid("select * from app.missing").sqlState()).isEqualTo("42P01");
    }

    @Test
    void aParameterWhoseTypeStaysOpenIsAMistakeFoundBeforeAnythingRuns() {
        assertThat(invalid("select pg_typeof(unnest(?))").sqlState()).isEqualTo("42725");
    }

    private static StatementInvalid invalid(String sql) {
        StatementInvalid mistake = catchThrowableOfType(
                StatementInvalid.class, () -> test.database().describe(sql));
        assertThat(mistake).as(sql).isNotNull();
        return mistake;
    }
}
