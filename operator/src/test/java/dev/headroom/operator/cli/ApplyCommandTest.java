package dev.headroom.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.OperatorProgram;
import dev.headroom.operator.index.Sqls;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyCommandTest {

    private static final String BUILDS =
            "SELECT phase FROM pg_stat_progress_create_index WHERE datname = current_database()";

    @TempDir
    private Path folder;

    private Shop shop;

    @BeforeEach
    void open() throws Exception {
        shop = new Shop(folder);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void whatIsInTheWayIsShown_andWhenTimeIsOverApplyFailsWithTheReason() throws Exception {
        shop.replace("indexes: {", "indexes: {build: {lockTimeout: 1s}, ");
        try (Connection writer = shop.database.connect()) {
            writer.setAutoCommit(false);
            Sqls.run(writer, "INSERT INTO tasks VALUES (1, 'open')");
            await().until(() -> !Sqls.column(
                            shop.database,
                            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                                    + " AND state = 'idle in transaction' AND xact_start < now() - interval '1.2 s'")
                    .isEmpty());
            Instant start = Instant.now();
            assertThat(shop.run("apply", "--timeout", "3s")).isEqualTo(OperatorCommandLine.ERROR);
            assertThat(Duration.between(start, Instant.now())).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(15));
        }
        assertThat(shop.out.toString()).contains("ix_tasks_status  blocked  waits for pid ");
        assertThat(shop.err.toString()).startsWith("error: given up after 3 s: IndexBlocked: 0 of 1 valid");
    }

    @Test
    void aBuildUnderWayWhenTimeIsOverIsCleanedAway() throws Exception {
        shop.slow(3000);
        assertThat(shop.run("apply", "--timeout", "2s")).isEqualTo(OperatorCommandLine.ERROR);
        assertThat(shop.out.toString()).contains("ix_tasks_status  building");
        assertThat(shop.err.toString()).contains("given up after 2 s: IndexesBuilding");
        assertThat(Sqls.column(shop.database, BUILDS)).isEmpty();
        assertThat(Sqls.invalid(shop.database)).isEmpty();
        assertThat(Sqls.indexes(shop.database)).isEmpty();
    }

    @Test
    void aTimeThatIsNoneAndATimeForAWatchAreRefused() {
        assertThat(shop.run("apply", "--timeout", "soon")).isEqualTo(OperatorCommandLine.ERROR);
        assertThat(shop.err.toString()).contains("--timeout").contains("soon");
        assertThat(shop.run("apply", "--watch", "--timeout", "1m")).isEqualTo(OperatorCommandLine.ERROR);
        assertThat(shop.err.toString()).contains("--watch stays until Ctrl-C");
    }

    @Test
    void watchKeepsTheIndex_untilCtrlC() throws Exception {
        try (OperatorProgram terminal = watch()) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> terminal.said().stream().anyMatch(line -> line.contains("shop: IndexesValid")));
            assertThat(Sqls.indexes(shop.database)).hasSize(1);

            Sqls.run(shop.database, "DROP INDEX ix_tasks_status");
            await().atMost(Duration.ofSeconds(45))
                    .until(() -> Sqls.indexes(shop.database).size() == 1);
            assertThat(terminal.isRunning()).isTrue();

            int code = terminal.interrupt();
            assertThat(terminal.endsWithin(10)).isTrue();
            assertThat(terminal.exitCode()).isEqualTo(code);
        }
        assertThat(Sqls.indexes(shop.database)).as("what is built stays").hasSize(1);
    }

    @Test
    void ctrlCInTheMiddleOfABuildLeavesNothing_andBeginsNothing() throws Exception {
        shop.slow(3000);
        try (OperatorProgram terminal = watch()) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !Sqls.column(shop.database, BUILDS).isEmpty());
            terminal.interrupt();
            assertThat(terminal.endsWithin(25)).isTrue();
            assertThat(terminal.said()).anyMatch(line -> line.startsWith("stopping: a build under way"));
        }
        assertThat(Sqls.column(shop.database, BUILDS)).isEmpty();
        assertThat(Sqls.invalid(shop.database)).isEmpty();
    }

    private OperatorProgram watch() throws Exception {
        return OperatorProgram.atTerminal(List.of("apply", "-f", shop.file.toString(), "--watch"));
    }
}
