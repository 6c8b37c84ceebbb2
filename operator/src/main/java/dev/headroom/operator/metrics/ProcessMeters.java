package dev.headroom.operator.metrics;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process takes of the machine, under the names that Prometheus clients give them. */
public final class ProcessMeters {

    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessMeters() {}

    public static void register(Meters meters) {
        var runtime = ManagementFactory.getRuntimeMXBean();
        var threads = ManagementFactory.getThreadMXBean();
        var memory = ManagementFactory.getMemoryMXBean();
        meters.gauge("process_start_time_seconds", "Start of the process.", () -> runtime.getStartTime() / 1000.0);
        meters.gauge("jvm_threads_current", "Live threads.", threads::getThreadCount);
        meters.gauge(
                "jvm_memory_heap_used_bytes",
                "Heap in use.",
                () -> memory.getHeapMemoryUsage().getUsed());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            meters.gauge("process_cpu_seconds_total", "CPU time used.", () -> system.getProcessCpuTime() / 1e9);
        }
        if (Files.isReadable(STATUS)) {
            meters.gauge("process_resident_memory_bytes", "Memory in RAM.", ProcessMeters::residentBytes);
        }
    }

    private static double residentBytes() {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
