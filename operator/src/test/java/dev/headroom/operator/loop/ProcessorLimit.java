package dev.headroom.operator.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Holds processes to the processor limits of their containers, as the kernel does on a node: a process that has used up its
 * part of a period is suspended until the next one. Done with signals, because control groups need an administrator. Linux
 * only.
 */
final class ProcessorLimit implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(2);

    /** The kernel's is 100 ms; a shorter one suspends more often and for less long. */
    private static final Duration PERIOD = Duration.ofMillis(20);

    private final Map<Long, Limited> processes = new HashMap<>();
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("processor-limit").factory());

    /** A process, and what it may still use of this period; negative after it used too much. Times in nanoseconds. */
    private static final class Limited {
        private final double quota;
        private long used;
        private long periodEnd;
        private double left;
        private boolean suspended;

        Limited(double cores, long used) {
            this.quota = cores * PERIOD.toNanos();
            this.used = used;
        }

        /** Whether it has to be suspended now. */
        boolean isOver(long usedNow, long now) {
            left -= usedNow - used;
            used = usedNow;
            if (now >= periodEnd) {
                left = Math.min(left + quota, quota);
                periodEnd = now + PERIOD.toNanos();
            }
            return left <= 0;
        }
    }

    ProcessorLimit() {
        Future<?> _ = looks.scheduleAtFixedRate(this::look, 0, LOOK.toNanos(), TimeUnit.NANOSECONDS);
    }

    synchronized void add(long pid, double cores) {
        processes.put(pid, new Limited(cores, Linux.processorTime(pid)));
    }

    /** From now on the process may use what it wants. */
    synchronized void remove(long pid) {
        Limited process = processes.remove(pid);
        if (process != null && process.suspended) {
            Linux.signal(pid, Linux.SIGCONT);
        }
    }

    private synchronized void look() {
        processes.forEach((pid, process) -> {
            boolean over = process.isOver(Linux.processorTime(pid), System.nanoTime());
            if (over != process.suspended) {
                Linux.signal(pid, over ? Linux.SIGSTOP : Linux.SIGCONT);
                process.suspended = over;
            }
        });
    }

    @Override
    public void close() {
        looks.close();
        List.copyOf(processes.keySet()).forEach(this::remove);
    }

    /** Two functions of the C library that Java does not have. */
    @SuppressWarnings("restricted") // native access is allowed to the tests (pom.xml, Makefile)
    private static final class Linux {
        static final int SIGCONT = 18;
        static final int SIGSTOP = 19;

        private static final MethodHandle KILL = function(
                "kill", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        private static final MethodHandle CLOCK_GETTIME = function(
                "clock_gettime",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        private static final MemorySegment TIME = Arena.global().allocate(ValueLayout.JAVA_LONG, 2);

        private static MethodHandle function(String name, FunctionDescriptor signature) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
        }

        static void signal(long pid, int signal) {
            try {
                int _ = (int) KILL.invokeExact((int) pid, signal); // one that has ended needs no signal
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        /** Of all its threads so far, in nanoseconds; 0 for a process that has ended. */
        static synchronized long processorTime(long pid) {
            int clock = (~(int) pid << 3) | 2; // what clock_getcpuclockid computes
            try {
                int status = (int) CLOCK_GETTIME.invokeExact(clock, TIME);
                return status == 0
                        ? TimeUnit.SECONDS.toNanos(TIME.getAtIndex(ValueLayout.JAVA_LONG, 0))
                                + TIME.getAtIndex(ValueLayout.JAVA_LONG, 1)
                        : 0;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
