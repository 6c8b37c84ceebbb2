package dev.headroom.service.http.admin;

import dev.headroom.service.metrics.Exposition;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.TreeMap;

/** The basics of the process: memory, garbage collection, threads, CPU. Read when scraped, nothing runs in between. */
final class ProcessMetrics {
    private static final double SECONDS_PER_MILLI = 1e-3;
    private static final double SECONDS_PER_NANO = 1e-9;

    private final String version;

    ProcessMetrics(String version) {
        this.version = version;
    }

    void write(Exposition out) {
        memory(out);
        collections(out);
        var runtime = ManagementFactory.getRuntimeMXBean();
        out.gauge("jvm_threads_live", "Platform threads; requests run on virtual ones.")
                .sample(ManagementFactory.getThreadMXBean().getThreadCount());
        out.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.")
                .sample(runtime.getStartTime() * SECONDS_PER_MILLI);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            out.counter("process_cpu_seconds_total", "CPU time that the process used.")
                    .sample(system.getProcessCpuTime() * SECONDS_PER_NANO);
        }
        out.gauge("headroom_build_info", "The version that runs; the value is always 1.")
                .sample(
                        new TreeMap<>(Map.of(
                                "version", version, "java", Runtime.version().toString())),
                        1);
    }

    private static void memory(Exposition out) {
        var memory = ManagementFactory.getMemoryMXBean();
        Map<String, MemoryUsage> areas = Map.of("heap", memory.getHeapMemoryUsage());
        out.gauge("jvm_memory_used_bytes", "Memory in use.");
        areas.forEach((area, usage) -> out.sample(Map.of("area", area), (double) usage.getUsed()));
        out.gauge("jvm_memory_max_bytes", "Memory that may be used.");
        areas.forEach((area, usage) -> out.sample(Map.of("area", area), (double) usage.getMax()));
    }

    private static void collections(Exposition out) {
        var collectors = ManagementFactory.getGarbageCollectorMXBeans();
        out.counter("jvm_gc_collection_seconds_total", "Time spent collecting garbage.");
        collectors.forEach(
                gc -> out.sample(Map.of("gc", gc.getName()), Math.max(0, gc.getCollectionTime()) * SECONDS_PER_MILLI));
        out.counter("jvm_gc_collections_total", "How often garbage was collected.");
        collectors.forEach(gc -> out.sample(Map.of("gc", gc.getName()), (double) Math.max(0, gc.getCollectionCount())));
    }
}
