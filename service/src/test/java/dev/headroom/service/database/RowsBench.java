package dev.headroom.service.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.database.statement.Param;
import dev.headroom.service.database.statement.Query;
import dev.headroom.service.database.statement.SqlType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/**
 * The rows of {@code /tasks/?limit=500} per second: {@link Database#list} against plain JDBC that runs the same SELECT and
 * reads every column. Rounds alternate, so that whatever else the machine does hits both; the medians are compared.
 * Run by bench/rows.sh; its name keeps it out of the test run.
 */
class RowsBench {

    private static final int LIMIT = 500;
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 15);
    private static final long ROUND_NANOS = Long.getLong("bench.round-millis", 1000) * 1_000_000;
    private static final String SQL = "select id, workstream_id, title, status, priority, needs_human, assignee,"
            + " created_at, updated_at from tasks order by created_at desc limit ";

    @Test
    void rowsPerSecondAgainstPlainJdbc() throws Exception {
        try (TestDatabase test = TestDatabase.open();
                Connection plain = test.server().connect()) {
            fill(test);
            Query query = Query.of("tasks", SQL + "?", new Param(SqlType.INTEGER, LIMIT));
            assertThat(new String(test.database().list(query), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("\"needs_human\":");
            compare("list ÷ plain JDBC", () -> test.database().list(query).length, () -> read(plain));
            Query one = Query.of("one", SQL + "1");
            compare("one row: list ÷ plain JDBC", () -> test.database().list(one).length, () -> readOne(plain));
        }
    }

    private static void fill(TestDatabase test) throws SQLException {
        test.execute("""
                create table tasks (id uuid primary key, workstream_id uuid not null, title text not null,
                  description text, status text not null, priority text not null, needs_human boolean not null,
                  assignee text, created_at timestamptz not null, updated_at timestamptz not null);
                insert into tasks select gen_random_uuid(), gen_random_uuid(), 'Task number ' || n || ' of the bench',
                  repeat('x', 200), (array['open', 'done', 'blocked'])[1 + n % 3], (array['high', 'low'])[1 + n % 2],
                  n % 10 = 0, case when n % 3 = 0 then 'agent-' || n % 50 end,
                  timestamptz '2024-01-01' + n * interval '1 minute 1.234567 seconds', now() from generate_series(1, 100000) n;
                create index on tasks (created_at desc);
                analyze tasks;""");
    }

    private static int read(Connection plain) throws SQLException {
        try (PreparedStatement statement = plain.prepareStatement(SQL + "?")) {
            statement.setInt(1, LIMIT);
            return rows(statement);
        }
    }

    private static int readOne(Connection plain) throws SQLException {
        try (PreparedStatement statement = plain.prepareStatement(SQL + "1")) {
            return rows(statement);
        }
    }

    private static int rows(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            int seen = 0;
            while (rows.next()) {
                for (int column = 1; column <= 9; column++) {
                    seen += rows.getObject(column) == null ? 0 : 1;
                }
            }
            return seen;
        }
    }

    private static void compare(String what, Callable<Integer> ours, Callable<Integer> theirs) throws Exception {
        for (int warmUp = 0; warmUp < 5; warmUp++) {
            callsPerSecond(ours);
            callsPerSecond(theirs);
        }
        double[] ourRounds = new double[ROUNDS];
        double[] theirRounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            ourRounds[round] = callsPerSecond(ours);
            theirRounds[round] = callsPerSecond(theirs);
        }
        double a = median(ourRounds);
        double b = median(theirRounds);
        System.out.println(String.format(
                Locale.ROOT,
                "bench rows: %-28s %.2f  (medians of %d alternating rounds: %.0f and %.0f calls/s)",
                what,
                a / b,
                ROUNDS,
                a,
                b));
    }

    private static double callsPerSecond(Callable<Integer> call) throws Exception {
        long began = System.nanoTime();
        int calls = 0;
        while (System.nanoTime() - began < ROUND_NANOS) {
            assertThat(call.call()).isPositive();
            calls++;
        }
        return calls * 1e9 / (System.nanoTime() - began);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
