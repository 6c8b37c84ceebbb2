package dev.headroom.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headroom.insight.Name;
import dev.headroom.operator.index.Sqls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan over a database whose names are attacks on whoever pipes it into psql. */
class HostileNamesTest {

    private static final List<String> NAMES = List.of(
            "a\nDROP TABLE victim; --",
            "b\r\nDROP TABLE victim; --",
            "c\rDROP TABLE victim; --",
            "d*/ DROP TABLE victim; /*",
            "e\n\\! touch pwned\n",
            "f'; DROP TABLE victim; --",
            "g\"; DROP TABLE victim; --",
            "h$$; DROP TABLE victim; $$",
            "i\u2028DROP TABLE victim;",
            "j\u202e\u2066 \u001b[2J\u0007",
            "k\\\n\\o pwned\n",
            "l :HOST :'PORT' ;",
            "größe 🐘");

    @TempDir
    private Path folder;

    private Shop shop;

    @BeforeEach
    void open() throws Exception {
        shop = new Shop(folder);
        Sqls.run(
                shop.database,
                "CREATE TABLE victim (id int PRIMARY KEY)",
                "CREATE TABLE parent (id int PRIMARY KEY)",
                "CREATE TABLE parts (id int, parent int REFERENCES parent) PARTITION BY RANGE (id)");
        for (int i = 0; i < NAMES.size(); i++) {
            String quoted = Name.quote(NAMES.get(i));
            Sqls.run(
                    shop.database,
                    "CREATE TABLE " + quoted + " (id int, " + quoted + " int, CONSTRAINT " + quoted + " FOREIGN KEY ("
                            + quoted + ") REFERENCES parent)",
                    "CREATE TABLE " + Name.quote("p" + NAMES.get(i)) + " PARTITION OF parts FOR VALUES FROM (" + i
                            + ") TO (" + (i + 1) + ")");
        }
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void findingsAreComments_andNothingButThePlanIsSent() throws Exception {
        shop.replace("columns: [status]}]", "columns: [status]}, {name: ix_parts, table: parts, columns: [id]}]");
        assertThat(shop.run("plan")).as(shop.err.toString()).isEqualTo(OperatorCommandLine.SOMETHING_TO_DO);

        String plan = shop.out.toString();
        PsqlReader.Read read = PsqlReader.read(plan);
        assertThat(plan).contains("ForeignKeyWithoutIndex");
        assertThat(read.commands()).isEmpty();
        assertThat(read.unfinished()).isEmpty();
        assertThat(plan.lines()
                        .filter(line -> !line.startsWith("--"))
                        .map(line -> line.substring(0, line.length() - 1)))
                .as("a statement a line")
                .isEqualTo(read.statements());
        assertThat(read.statements())
                .allMatch(sql ->
                        sql.matches("BEGIN|COMMIT|(CREATE INDEX|ALTER INDEX|COMMENT ON INDEX|SET client_encoding) .*"));
        Sqls.run(shop.database, read.statements().toArray(String[]::new));
        assertIsAsPlanned();
    }

    @Test
    void psqlItselfRunsThePlanAndNothingElse() throws Exception {
        assumeTrue(runs("psql", "--version"), "there is no psql here");
        shop.replace("columns: [status]}]", "columns: [status]}, {name: ix_parts, table: parts, columns: [id]}]");
        shop.run("plan");

        Path plan = Files.writeString(folder.resolve("plan.sql"), shop.out.toString());
        ProcessBuilder psql = new ProcessBuilder("psql", "-X", "-v", "ON_ERROR_STOP=1", "-q")
                .directory(folder.toFile())
                .redirectInput(plan.toFile())
                .redirectErrorStream(true);
        psql.environment().put("PGHOST", shop.database.host());
        psql.environment().put("PGPORT", String.valueOf(shop.database.port()));
        psql.environment().put("PGDATABASE", shop.database.name());
        psql.environment().put("PGUSER", shop.database.user());
        psql.environment().put("PGPASSWORD", shop.database.password());
        psql.environment().put("PGCLIENTENCODING", "SJIS");
        Process process = psql.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).isEmpty();
        assertIsAsPlanned();
        assertThat(folder.resolve("pwned")).doesNotExist();
    }

    @Test
    void progressOfApplyIsALineAnIndex() throws Exception {
        String hostile = NAMES.getFirst();
        shop.replace("table: tasks, columns: [status]", "table: parts, columns: [id]");

        assertThat(shop.run("apply")).as(shop.err.toString()).isEqualTo(OperatorCommandLine.OK);
        assertThat(shop.out.toString())
                .doesNotContain(hostile)
                .matches("(?s)(1 index[^\\n]*\\n|ix_tasks_status  [^\\n]*\\n|shop: [^\\n]*\\n)+");
    }

    private void assertIsAsPlanned() throws Exception {
        assertThat(Sqls.column(shop.database, "SELECT count(*)::text FROM victim"))
                .containsExactly("0");
        assertThat(Sqls.column(
                        shop.database,
                        "SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid AND indrelid IN"
                                + " ('tasks'::regclass, 'parts'::regclass)"))
                .contains("ix_tasks_status", "ix_parts");
        shop.out.getBuffer().setLength(0);
        assertThat(shop.run("plan")).as("nothing is left to do").isEqualTo(OperatorCommandLine.OK);
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
