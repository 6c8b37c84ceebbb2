package dev.headroom.operator.index.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.headroom.operator.index.Sqls;
import dev.headroom.testkit.TestPostgres;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a server says about rows that a build meets, without what is in them. */
class ServerMessageTest {
    private static TestPostgres.Database database;

    @BeforeAll
    static void table() throws Exception {
        database = TestPostgres.database();
        Sqls.run(
                database,
                "create function raising(t text) returns text immutable language plpgsql as "
                        + "'begin raise exception $$no %, 42 and \"%\"$$, t, t using detail = t; end'",
                "create table tasks (e text, b text)",
                "insert into tasks select E'sec)=(ret \"q\"\\nx', 'b' from generate_series(1, 2)");
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @Test
    void theValuesOfDuplicateKeysAreMasked() {
        assertThat(said("create unique index on tasks (e, b)"))
                .endsWith("Key (e, b)=(?) is duplicated.")
                .doesNotContain("sec", "ret");
    }

    @Test
    void aValueThatACastRefusesIsMasked() {
        assertThat(said("create index on tasks ((e::int))")).isEqualTo("invalid input syntax for type integer: \"?\"");
    }

    @Test
    void whatAFunctionRaisesIsLeftToTheServersLog() {
        assertThat(said("create index on tasks (raising(e))"))
                .contains("P0001", "the server's log")
                .doesNotContain("sec", "ret");
    }

    @Test
    void namesInOtherErrorsStay() {
        assertThat(said("create index on tasks (missing)")).isEqualTo("column \"missing\" does not exist");
    }

    private static String said(String sql) {
        return ServerMessage.withoutValues(catchThrowableOfType(SQLException.class, () -> Sqls.run(database, sql)));
    }
}
