package dev.headroom.service;

import dev.headroom.testkit.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A catalog of one table with one row, mounted as a folder: its policy and its statements are the test's to choose. */
public record LittleCatalog(Path folder) {
    /** The row's word, kept as the policy says. */
    static final String KEPT = "/kept";

    /** The same, never kept. */
    static final String LIVE = "/live";

    /** Within a transaction: the table does not tell of its changes, which nobody else sees. */
    static final String MUTE = "alter table little.notes disable trigger headroom_changed";

    static final String UNMUTE = "alter table little.notes enable always trigger headroom_changed";

    public static LittleCatalog in(Path parent, String policy) {
        return in(parent, policy, "word");
    }

    /** @param columns what the statement selects of the row */
    static LittleCatalog in(Path parent, String policy, String columns) {
        LittleCatalog little = new LittleCatalog(parent.resolve("little"));
        little.write("schema/V1__notes.sql", """
                create table notes (id int primary key, word text not null);
                insert into notes values (1, 'first');
                create table others (id int primary key);
                """);
        little.write("kept.sql", "select " + columns + " from {notes} order by id\n");
        little.write("live.sql", "select word from {notes} order by id\n");
        little.write("catalog.yaml", """
                name: little
                schema: little
                cache:
                  policy: {%s}
                endpoints:
                  /kept:
                    answer: list
                    sql: kept.sql
                    cache: policy
                  /live:
                    answer: list
                    sql: live.sql
                """.formatted(policy));
        return little;
    }

    /** Adds an endpoint that asks to be prewarmed and whose statement waits for that advisory lock. */
    LittleCatalog withGate(int lock) {
        write("gated.sql", "select word from {notes}, pg_advisory_xact_lock_shared(%d) where id = 1\n".formatted(lock));
        try {
            write("catalog.yaml", Files.readString(folder.resolve("catalog.yaml")) + """
                      /gated:
                        answer: list
                        sql: gated.sql
                        cache: policy
                        prewarm: true
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Adds an endpoint that answers the rows of this statement. */
    LittleCatalog with(String name, String sql, boolean kept) {
        write(name + ".sql", sql + "\n");
        try {
            write(
                    "catalog.yaml",
                    Files.readString(folder.resolve("catalog.yaml"))
                            + """
                      /%s:
                        answer: list
                        sql: %s.sql%s
                    """.formatted(name, name, kept ? "\n    cache: policy" : ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private void write(String name, String text) {
        Path file = folder.resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Arguments that serve this catalog and no other, with these besides. */
    String[] arguments(String... more) {
        String[] all = new String[more.length + 2];
        all[0] = "--catalogs.enabled=";
        all[1] = "--catalogs.folders=" + folder;
        System.arraycopy(more, 0, all, 2, more.length);
        return all;
    }

    static void say(TestPostgres.Database database, String word) {
        execute(database, "update little.notes set word = '" + word + "' where id = 1");
    }

    /** Changes the row so that nobody hears of it: only the passing of time brings the new one. */
    static void whisper(TestPostgres.Database database, String word) {
        execute(
                database,
                "begin; " + MUTE + "; update little.notes set word = '" + word + "' where id = 1; " + UNMUTE
                        + "; commit");
    }

    public static void execute(TestPostgres.Database database, String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** How many triggers of ours the table has. */
    public static long triggers(TestPostgres.Database database, String table) {
        return number(
                database,
                "select count(*) from pg_trigger where tgname = 'headroom_changed' and tgrelid = '" + table
                        + "'::regclass");
    }

    public static long number(TestPostgres.Database database, String sql) {
        return Long.parseLong(text(database, sql));
    }

    /** The first column of the first row. */
    static String text(TestPostgres.Database database, String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Connections to the database that listen for changes. */
    static long listening(TestPostgres.Database database) {
        return number(
                database,
                "select count(*) from pg_stat_activity where datname = current_database()"
                        + " and application_name = 'headroom-service changes'");
    }
}
