package dev.headroom.service.facets;

import dev.headroom.service.catalog.BundledCatalog;
import dev.headroom.service.database.statement.Query;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What bench/facets.sh runs: builds of snapshots and requests on them, beside the reference implementation of the tests,
 * at the scales given. One thread asks; every answer of the reference is also compared.
 */
final class FacetsBench {
    private static final int REQUESTS = 400;
    private static final int REFERENCE_REQUESTS = 7;
    private static final long LIMIT = 100;

    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private FacetsBench() {}

    public static void main(String[] scales) throws SQLException {
        System.out.println(
                "images  build_ms  build_cpu_ms  server_cpu_ms  retained_MiB  filter_p50_ms  filter_p50_cpu_ms  filter_p95_ms  reference_p50_ms  times");
        Map<Integer, Double> medians = new LinkedHashMap<>();
        for (String scale : scales) {
            try (BundledCatalog plots = BundledCatalog.migrated("plots").sample(Double.parseDouble(scale))) {
                measure(plots, (FacetsSource) plots.endpoint("/plots/filter").source(), medians);
            }
        }
        List<Integer> sizes = List.copyOf(medians.keySet());
        int first = sizes.getFirst();
        int last = sizes.getLast();
        System.out.printf(
                Locale.ROOT,
                "growth: %.1f times the images, %.1f times the processor time%n",
                (double) last / first,
                medians.get(last) / medians.get(first));
    }

    private static void measure(BundledCatalog plots, FacetsSource source, Map<Integer, Double> medians)
            throws SQLException {
        Builds builds = builds(plots, source);
        long before = usedBytes();
        Snapshot snapshot = SnapshotReader.read(plots.database(), source);
        double retained = (usedBytes() - before) / 1048576.0;

        List<List<Group>> requests = requests(snapshot);
        for (int round = 0; round < 5; round++) {
            requests.forEach(groups -> ask(snapshot, groups)); // warm
        }
        double[] times = new double[REQUESTS];
        double[] cpu = new double[REQUESTS];
        for (int i = 0; i < REQUESTS; i++) {
            List<Group> groups = requests.get(i);
            long began = CPU.getCurrentThreadCpuTime();
            times[i] = millis(() -> ask(snapshot, groups));
            cpu[i] = (CPU.getCurrentThreadCpuTime() - began) / 1e6;
        }
        double reference = reference(plots, source, snapshot, requests);
        double p50 = percentile(times, 0.5);
        System.out.printf(
                Locale.ROOT,
                "%6d  %8.0f  %12.0f  %13.0f  %12.1f  %13.2f  %17.2f  %13.2f  %16.0f  %5.0f%n",
                snapshot.size(),
                builds.millis(),
                builds.cpuMillis(),
                serverCpuMillis(plots, source.rows()),
                retained,
                p50,
                percentile(cpu, 0.5),
                percentile(times, 0.95),
                reference,
                reference / p50);
        compressed(snapshot, requests);
        medians.put(snapshot.size(), percentile(cpu, 0.5));
    }

    /** Medians: the time on the clock, and that of our own processor. */
    private record Builds(double millis, double cpuMillis) {}

    private static Builds builds(BundledCatalog plots, FacetsSource source) {
        SnapshotReader.read(plots.database(), source);
        double[] builds = new double[3];
        double[] buildCpu = new double[builds.length];
        for (int i = 0; i < builds.length; i++) {
            long began = CPU.getCurrentThreadCpuTime();
            builds[i] = millis(() -> SnapshotReader.read(plots.database(), source));
            buildCpu[i] = (CPU.getCurrentThreadCpuTime() - began) / 1e6;
        }
        return new Builds(percentile(builds, 0.5), percentile(buildCpu, 0.5));
    }

    /** What the row query costs the server's process, so that a busy machine does not show in it; -1 without /proc. */
    private static double serverCpuMillis(BundledCatalog plots, Query rows) throws SQLException {
        try (Connection connection = plots.postgres().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("set local work_mem = '128MB'");
            String pid;
            try (ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
                row.next();
                pid = row.getString(1);
            }
            long before = ticks(pid);
            statement.setFetchSize(2000);
            try (ResultSet row = statement.executeQuery(rows.sql())) {
                while (row.next()) {
                    row.getString(1);
                }
            }
            return (ticks(pid) - before) * 10.0;
        } catch (IOException noProc) {
            return -1;
        }
    }

    /** Hundredths of a second that a process has run, in user and in system mode. */
    private static long ticks(String pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", pid, "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static byte[] ask(Snapshot snapshot, List<Group> groups) {
        return snapshot.answer(groups, Optional.of(LIMIT), 0).toBytes();
    }

    /** The same requests by clients that like gzip. */
    private static void compressed(Snapshot snapshot, List<List<Group>> requests) {
        double[] times = new double[REQUESTS];
        double[] bytes = new double[REQUESTS];
        double[] plain = new double[REQUESTS];
        for (int round = 0; round < 2; round++) { // the first one warms
            for (int i = 0; i < REQUESTS; i++) {
                List<Group> groups = requests.get(i);
                ByteArrayOutputStream out = new ByteArrayOutputStream(64 << 10);
                times[i] = millis(() -> gzipped(snapshot.answer(groups, Optional.of(LIMIT), 0), out));
                bytes[i] = out.size();
                plain[i] = snapshot.answer(groups, Optional.of(LIMIT), 0).length();
            }
        }
        System.out.printf(
                Locale.ROOT,
                "        gzipped: p50 %.2f ms, p95 %.2f ms, %.0f KiB of %.0f KiB%n",
                percentile(times, 0.5),
                percentile(times, 0.95),
                percentile(bytes, 0.5) / 1024,
                percentile(plain, 0.5) / 1024);
    }

    private static byte[] gzipped(FacetAnswer answer, ByteArrayOutputStream out) {
        try {
            answer.writeGzipTo(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Three groups of two values each, of three different categories, the values drawn as often as they occur. */
    private static List<List<Group>> requests(Snapshot snapshot) {
        Random random = new Random(1);
        List<Counts> categories = snapshot.engine().global().stream()
                .filter(counts -> !counts.category().name().equals("spec"))
                .toList();
        List<List<Group>> requests = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            List<Group> groups = new ArrayList<>();
            List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
            java.util.Collections.shuffle(order, random);
            for (int which : order.subList(0, 3)) {
                List<String> values = List.copyOf(categories.get(which).asMap().keySet());
                Set<String> wanted = new HashSet<>();
                while (wanted.size() < Math.min(2, values.size())) {
                    wanted.add(values.get(random.nextInt(values.size())));
                }
                groups.add(new Group(categories.get(which).category().name(), wanted));
            }
            requests.add(groups);
        }
        return requests;
    }

    private static double reference(
            BundledCatalog plots, FacetsSource source, Snapshot snapshot, List<List<Group>> requests) {
        Map<String, String> constants = new HashMap<>();
        source.constants()
                .forEach((name, query) -> constants.put(
                        name,
                        plots.database().rows(query, row -> row.getString(1)).getFirst()));
        ReferenceFacets reference =
                new ReferenceFacets("images", source.shape().categories(), items(plots, source), constants);
        double[] times = new double[REFERENCE_REQUESTS];
        for (int i = 0; i < REFERENCE_REQUESTS; i++) {
            List<Group> groups = requests.get(i);
            String[] answer = new String[1];
            times[i] = millis(() -> answer[0] = reference.answer(groups, Optional.of(LIMIT), 0));
            String ours = new String(ask(snapshot, groups), StandardCharsets.UTF_8).replace(", ", ",");
            if (!ours.equals(answer[0])) {
                throw new IllegalStateException("the answers differ for " + groups);
            }
        }
        return percentile(times, 0.5);
    }

    private static List<ReferenceFacets.Item> items(BundledCatalog plots, FacetsSource source) {
        Query rows = source.rows();
        return plots.database().rows(rows, row -> item(row, source.shape().categories()));
    }

    private static ReferenceFacets.Item item(ResultSet row, List<String> categories) throws SQLException {
        Map<String, List<String>> values = new HashMap<>();
        for (String category : categories) {
            int index = row.findColumn(category);
            String text = row.getString(index);
            if (text != null) {
                TagText.Form form = TagText.Form.of(row.getMetaData().getColumnTypeName(index));
                values.put(category, TagText.values(form, text));
            }
        }
        return new ReferenceFacets.Item(row.getString(SnapshotReader.ITEM), values);
    }

    private static double millis(Supplier<?> work) {
        long began = System.nanoTime();
        Object result = work.get();
        long took = System.nanoTime() - began;
        if (result == null) {
            throw new IllegalStateException("nothing was computed");
        }
        return took / 1e6;
    }

    private static double percentile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    }

    private static long usedBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
