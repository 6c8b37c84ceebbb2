package dev.headroom.service.catalog.check;

import dev.headroom.service.catalog.load.Catalogs;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The database with a table of items that the tests of the check have in common, and the check of one entry against it. */
abstract class ShopCatalog {
    @TempDir
    Path folder;

    final TestPostgres.Database postgres = TestPostgres.database();
    final DatabaseSettings settings = DatabaseSettings.of(postgres.jdbcUrl(), postgres.user(), postgres.password());
    final Database database = new Database(settings);

    @BeforeEach
    void tables() throws SQLException {
        execute("""
                create schema shop;
                create type shop.colour as enum ('red', 'blue');
                create table shop.items (id int primary key, ref uuid, small smallint, title varchar(10),
                                         colour shop.colour, made timestamptz, tags text[], doc jsonb, price numeric(10, 2),
                                         plain timestamp, address inet, lo int, hi int);
                create sequence shop.numbers;
                """);
    }

    @AfterEach
    void close() {
        database.close();
        postgres.close();
    }

    final void execute(String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    final List<String> check(String yaml, String sql) {
        return check(database, yaml, sql);
    }

    final List<String> check(Database asked, String yaml, String sql) {
        Catalogs catalogs = new Catalogs(folder).with("catalog.yaml", yaml).with("items.sql", sql);
        return new CatalogCheck(asked)
                .check(catalogs.load()).mistakes().stream().map(catalogs::told).toList();
    }
}
