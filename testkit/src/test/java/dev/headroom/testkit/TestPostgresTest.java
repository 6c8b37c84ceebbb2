package dev.headroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class TestPostgresTest {

    @Test
    void aDatabaseSeesNothingOfAnother() throws SQLException {
        try (TestPostgres.Database one = TestPostgres.database();
                TestPostgres.Database other = TestPostgres.database();
                Connection toOne = one.connect();
                Connection toOther = other.connect()) {
            execute(toOne, "CREATE TABLE secret (id int)");
            assertThatThrownBy(() -> execute(toOther, "SELECT * FROM secret")).hasMessageContaining("does not exist");
        }
    }

    @Test
    void aClosedDatabaseIsGoneEvenIfSomeoneIsStillConnected() throws SQLException {
        TestPostgres.Database database = TestPostgres.database();
        try (Connection connection = database.connect()) {
            database.close();
            assertThat(connection.isValid(1)).isFalse();
        }
        assertThatThrownBy(database::connect).hasMessageContaining("does not exist");
    }

    @Test
    void manyTestsTakeTheirDatabasesAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<String>> names = java.util.stream.IntStream.range(0, 16)
                    .mapToObj(i -> threads.submit(() -> {
                        try (TestPostgres.Database database = TestPostgres.database();
                                Connection connection = database.connect()) {
                            return text(connection, "SELECT current_database()");
                        }
                    }))
                    .toList();
            assertThat(names).extracting(Future::get).doesNotHaveDuplicates().hasSize(16);
        }
    }

    @Test
    void aWrongPasswordIsRefused() {
        try (TestPostgres.Database database = TestPostgres.database()) {
            assertThatThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), database.user(), "wrong"))
                    .hasMessageContaining("password authentication failed");
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
