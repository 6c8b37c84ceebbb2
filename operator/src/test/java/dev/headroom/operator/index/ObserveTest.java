package dev.headroom.operator.index;

import static dev.headroom.operator.index.TestOperator.pending;
import static dev.headroom.operator.index.Wanted.expression;
import static dev.headroom.operator.index.Wanted.index;
import static dev.headroom.operator.index.Wanted.keys;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.Mode;
import dev.headroom.testkit.TestPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A pass in Observe builds copies to compare with; afterwards no catalog has a row that it did not have. */
class ObserveTest {
    /** All of the database itself, but for what autovacuum learns about the tables' contents. */
    private static final String CATALOGS = """
            select c.relname from pg_class c
             where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' and not c.relisshared
               and c.relname not in ('pg_statistic', 'pg_statistic_ext_data')
             order by c.relname
            """;

    @Test
    void noCatalogHasARowMoreOrLess() throws Exception {
        try (TestPostgres.Database database = TestPostgres.database();
                TestOperator operator = TestOperator.on(database)) {
            Sqls.run(
                    database,
                    "create table tasks (id int primary key, status text, n int)",
                    "create table parts (id int references tasks, day date) partition by range (day)",
                    "create table parts_1 partition of parts for values from ('2026-01-01') to ('2026-02-01')",
                    "create index old on tasks (n)");
            operator.mode(Mode.OBSERVE)
                    .declare(
                            index("ix_status", "tasks", "status"),
                            keys("ix_expression", "tasks", expression("lower(status)"))
                                    .where("n > 0"),
                            index("old", "tasks", "n", "status"),
                            index("ix_parts", "parts", "id"),
                            index("ix_refused", "tasks", "no_such_column"));
            List<String> before = rows(database);
            assertThat(pending(operator.look())).hasSizeGreaterThan(5);
            assertThat(rows(database)).isEqualTo(before);
        }
    }

    /** As text, and without the sizes and ages that autovacuum writes. */
    private static List<String> rows(TestPostgres.Database database) throws SQLException {
        List<String> rows = new ArrayList<>();
        for (String catalog : Sqls.column(database, CATALOGS)) {
            String row = catalog.equals("pg_class")
                    ? "(to_jsonb(c) - '{relpages,reltuples,relallvisible,relallfrozen,relfrozenxid,relminmxid}'::text[])::text"
                    : "c::text";
            Sqls.column(database, "select " + row + " from pg_catalog." + catalog + " c order by 1")
                    .forEach(found -> rows.add(catalog + ": " + found));
        }
        return rows;
    }
}
