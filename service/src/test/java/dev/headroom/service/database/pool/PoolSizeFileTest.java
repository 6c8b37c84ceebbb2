package dev.headroom.service.database.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headroom.service.database.Database;
import dev.headroom.service.database.TestDatabase;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.settings.PoolSize;
import dev.headroom.testkit.LoggedLines;
import dev.headroom.testkit.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolSizeFileTest {

    @TempDir
    private Path mount;

    @Test
    void aPoolStartsWithThePublishedSize() throws Exception {
        publish(1, 7, 7, 3);

        try (TestPostgres.Database server = TestPostgres.database();
                Database database = database(server)) {
            assertThat(database.pool().size()).isEqualTo(new PoolSize(7, 3));
            assertThat(database.poolGeneration()).contains(7L);
        }
    }

    @Test
    void aNewerSizeIsPutInForceAndAnOlderOneNot() throws Exception {
        publish(1, 7, 7, 3);
        try (LoggedLines log = LoggedLines.of(PoolSizeFile.class.getName());
                TestPostgres.Database server = TestPostgres.database();
                Database database = database(server)) {
            publish(2, 8, 4, 1);
            await().until(() -> database.pool().size().equals(new PoolSize(4, 1)));

            publish(3, 6, 9, 1);
            await().until(() ->
                    log.written().stream().anyMatch(line -> line.contains("generation 6, which is older than 8")));

            assertThat(database.pool().size()).isEqualTo(new PoolSize(4, 1));
            assertThat(database.poolGeneration()).contains(8L);
        }
    }

    @Test
    void aResizeThatFailsIsTriedAgainAndItsGenerationIsNotTold() throws Exception {
        publish(1, 7, 7, 3);
        try (PoolSizeFile file = new PoolSizeFile(mount.resolve("pool"))) {
            assertThatThrownBy(() -> file.follow(size -> {
                        throw new IllegalStateException("not now");
                    }))
                    .hasMessage("not now");
            assertThat(file.generation()).isEmpty();

            List<PoolSize> sizes = new ArrayList<>();
            file.follow(sizes::add);

            assertThat(sizes).containsExactly(new PoolSize(7, 3));
            assertThat(file.generation()).contains(7L);
        }
    }

    @Test
    void withoutAFileThePoolStartsAsConfiguredAndSaysSo() throws Exception {
        try (LoggedLines log = LoggedLines.of(PoolSizeFile.class.getName());
                TestPostgres.Database server = TestPostgres.database();
                Database database = database(server)) {
            assertThat(database.pool().size())
                    .isEqualTo(TestDatabase.settings(server).pool().size());
            assertThat(log.written()).anyMatch(line -> line.contains("is not there yet"));

            publish(1, 1, 6, 0);

            await().until(() -> database.pool().size().equals(new PoolSize(6, 0)));
        }
    }

    @Test
    void nonsenseChangesNothingAndIsToldOnce() throws Exception {
        publish(1, 7, 7, 3);
        try (LoggedLines log = LoggedLines.of(PoolSizeFile.class.getName());
                PoolSizeFile file = new PoolSizeFile(mount.resolve("pool"))) {
            List<PoolSize> sizes = new ArrayList<>();
            file.follow(sizes::add);

            replace(2, "generation=8\nmaximum-pool-size=many\nminimum-idle=0\n");
            file.follow(sizes::add);
            file.follow(sizes::add);

            assertThat(sizes).containsExactly(new PoolSize(7, 3));
            assertThat(file.generation()).contains(7L);
            assertThat(log.written().stream()
                            .filter(line -> line.contains("maximum-pool-size=many is no whole number")))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "generation=1",
                "generation=1\nmaximum-pool-size=0\nminimum-idle=0",
                "generation=1\nmaximum-pool-size=5\nminimum-idle=6",
                "generation=-1\nmaximum-pool-size=5\nminimum-idle=1",
                "generation=1\nmaximum-pool-size=5000\nminimum-idle=1",
                "generation=9999999999999999999\nmaximum-pool-size=5\nminimum-idle=1"
            })
    void aSizeThatCannotBeMeantIsRefused(String text) {
        assertThatThrownBy(() -> PoolSizeFile.Published.parse(text)).isInstanceOf(PoolSizeFile.InvalidFile.class);
    }

    private Database database(TestPostgres.Database server) {
        DatabaseSettings settings = TestDatabase.settings(server);
        return new Database(settings.withPool(settings.pool().withSizeFile(mount.resolve("pool"))));
    }

    private void publish(int write, long generation, int maximum, int idle) throws Exception {
        replace(write, "generation=%d\nmaximum-pool-size=%d\nminimum-idle=%d\n".formatted(generation, maximum, idle));
    }

    /** As the kubelet does it: a new folder, and a link to it that is replaced at once. */
    private void replace(int write, String text) throws Exception {
        Path folder = Files.createDirectory(mount.resolve("..data-" + write));
        Files.writeString(folder.resolve("pool"), text);
        Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), folder.getFileName());
        Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        if (!Files.exists(mount.resolve("pool"), java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(mount.resolve("pool"), Path.of("..data", "pool"));
        }
    }
}
