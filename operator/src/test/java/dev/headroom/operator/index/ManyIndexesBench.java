package dev.headroom.operator.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.testkit.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** From apply to all indexes valid where there are many small ones, beside the same statements on one session. */
class ManyIndexesBench {
    private static final int TABLES = 25;
    private static final int ON_EACH = 10;
    private static final int RESOURCES = Integer.getInteger("bench.resources", 300);
    private static final int OF_EACH = Integer.getInteger("bench.of-each", 1);
    private static final int RECONCILE_THREADS = 10;

    @Test
    void oneResource() throws Exception {
        try (TestPostgres.Database database = TestPostgres.database()) {
            tables(database, ON_EACH);
            String[] bare = names(ON_EACH)
                    .map(name -> "create index concurrently " + name + " on " + table(name) + " (" + column(name) + ")")
                    .toArray(String[]::new);
            double psql = seconds(() -> Sqls.run(database, bare));
            Sqls.run(database, names(ON_EACH).map(name -> "drop index " + name).toArray(String[]::new));
            try (TestOperator operator =
                    TestOperator.on(database).declare(wanted(names(ON_EACH)).toArray(Wanted[]::new))) {
                double ours = seconds(operator::settleUnhurried);
                assertThat(TestOperator.statuses(operator.look())).allMatch(each -> each.state() == State.VALID);
                System.out.printf(
                        Locale.ROOT,
                        "bench many indexes: %d by one resource, bare %.2f s, operator %.2f s (promised 10), %d MiB%n",
                        bare.length,
                        psql,
                        ours,
                        resident());
            }
        }
    }

    @Test
    void manyResources() throws Exception {
        try (TestPostgres.Database database = TestPostgres.database();
                TestOperator first = TestOperator.on(database);
                ExecutorService threads = Executors.newFixedThreadPool(RECONCILE_THREADS)) {
            int onEach = (RESOURCES * OF_EACH + TABLES - 1) / TABLES;
            tables(database, onEach);
            List<Wanted> wanted = wanted(names(onEach)).toList();
            double ours = seconds(() -> {
                List<Future<?>> settled = new ArrayList<>();
                for (int i = 0; i < RESOURCES; i++) {
                    TestOperator operator = first.beside("resource-" + i)
                            .declare(wanted.subList(i * OF_EACH, (i + 1) * OF_EACH)
                                    .toArray(Wanted[]::new));
                    settled.add(threads.submit((Callable<Object>) operator::settleUnhurried));
                }
                for (Future<?> each : settled) {
                    each.get();
                }
            });
            assertThat(Sqls.indexes(database)).hasSize(RESOURCES * OF_EACH);
            System.out.printf(
                    Locale.ROOT,
                    "bench many indexes: %d resources with %d each, operator %.2f s (promised 60 for 300 with 1), %d MiB%n",
                    RESOURCES,
                    OF_EACH,
                    ours,
                    resident());
        }
    }

    private static void tables(TestPostgres.Database database, int columns) throws Exception {
        String all = String.join(
                ", ",
                IntStream.range(0, columns).mapToObj(i -> "c" + i + " int").toList());
        Sqls.run(
                database,
                IntStream.range(0, TABLES)
                        .mapToObj(i -> "create table t" + i + " (" + all + ")")
                        .toArray(String[]::new));
    }

    private static Stream<String> names(int onEach) {
        return IntStream.range(0, TABLES)
                .boxed()
                .flatMap(table -> IntStream.range(0, onEach).mapToObj(column -> "ix_t" + table + "_c" + column));
    }

    private static Stream<Wanted> wanted(Stream<String> names) {
        return names.map(name -> Wanted.index(name, table(name), column(name)));
    }

    private static String table(String name) {
        return name.substring("ix_".length(), name.lastIndexOf('_'));
    }

    private static String column(String name) {
        return name.substring(name.lastIndexOf('_') + 1);
    }

    /** Something that takes time. */
    private interface Measured {
        void run() throws Exception;
    }

    private static double seconds(Measured work) throws Exception {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Of this process, in MiB, the test's own share included. */
    private static long resident() throws Exception {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        }
    }
}
