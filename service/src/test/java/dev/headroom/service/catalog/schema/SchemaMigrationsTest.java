package dev.headroom.service.catalog.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.service.catalog.load.CatalogLoader;
import dev.headroom.service.catalog.load.CatalogSettings;
import dev.headroom.service.catalog.load.Catalogs;
import dev.headroom.service.catalog.load.LoadedCatalog;
import dev.headroom.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class SchemaMigrationsTest {
    private static final int INSTANCES = 10;

    @TempDir
    Path folder;

    private final TestPostgres.Database postgres = TestPostgres.database();

    @AfterEach
    void close() {
        postgres.close();
    }

    @Test
    void tenInstancesThatStartAtOnceApplyEachMigrationOnce() throws Exception {
        List<LoadedCatalog> statehub = new CatalogLoader(CatalogSettings.bundled("statehub"), List.of())
                .load()
                .loaded();
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Integer>> instances = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < INSTANCES; i++) {
                instances.add(executor.submit(() -> {
                    start.await();
                    DataSource own = dataSource();
                    try (Connection connection = own.getConnection()) {
                        return new SchemaMigrations(own).migrate(statehub.getFirst(), connection);
                    }
                }));
            }
            start.countDown();
            int applied = 0;
            for (Future<Integer> instance : instances) {
                applied += instance.get();
            }
            assertThat(applied).isEqualTo(1);
        }
        assertThat(number("select count(*) from statehub.statehub_schema_history where version is not null"))
                .isOne();
        assertThat(number("select count(*) from pg_tables where schemaname = 'statehub'"))
                .isEqualTo(10);
    }

    @Test
    void aHistoryThatCoversTheFilesIsEnoughAndANewFileIsApplied() throws SQLException {
        Catalogs catalogs = shop().with("schema/V1__items.sql", "create table items (id int);\r\n-- ü\n");
        assertThat(migrate(catalogs)).isOne();
        try (Connection connection = postgres.connect()) {
            LoadedCatalog catalog = catalogs.load().loaded().getFirst();
            assertThat(AppliedMigrations.cover(
                            MigrationFile.of(catalog.files()), connection, "shop", "shop_schema_history"))
                    .isTrue();
        }
        assertThat(migrate(catalogs)).isZero();
        catalogs.with("schema/V1_1__prices.sql", "alter table items add price int;");
        assertThat(migrate(catalogs)).isOne();
        assertThat(migrate(catalogs)).isZero();
    }

    @Test
    void aMigrationThatWasChangedAfterItWasAppliedIsRefused() throws SQLException {
        migrate(shop().with("schema/V1__items.sql", "create table items (id int);"));
        Catalogs changed = shop().with("schema/V1__items.sql", "create table items (id bigint);");
        assertThatThrownBy(() -> migrate(changed))
                .isInstanceOf(MigrationFailed.class)
                .hasMessageContaining("the tables of catalog 'shop' could not be brought up to date in schema 'shop'")
                .hasMessageContaining("checksum mismatch")
                .hasMessageContaining("catalogs.migrate");
    }

    @Test
    void tablesOfSomebodyElseAreNotTouched() throws SQLException {
        execute("create schema shop; create table shop.theirs (id int)");
        Catalogs catalogs = shop().with("schema/V1__items.sql", "create table items (id int);");
        assertThatThrownBy(() -> migrate(catalogs))
                .isInstanceOf(MigrationFailed.class)
                .hasMessageContaining("it holds tables that this service did not make")
                .hasMessageContaining("catalogs.migrate")
                .message()
                .doesNotContain("baseline");
        assertThat(number("select count(*) from pg_tables where schemaname = 'shop'"))
                .isOne();
    }

    private Catalogs shop() {
        return new Catalogs(folder)
                .with("catalog.yaml", "name: shop\nendpoints:\n  /items: {answer: list, sql: items.sql}\n")
                .with("items.sql", "select id from {items}");
    }

    private int migrate(Catalogs catalogs) throws SQLException {
        try (Connection connection = postgres.connect()) {
            return new SchemaMigrations(dataSource())
                    .migrate(catalogs.load().loaded().getFirst(), connection);
        }
    }

    private DataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(postgres.jdbcUrl());
        source.setUser(postgres.user());
        source.setPassword(postgres.password());
        return source;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
