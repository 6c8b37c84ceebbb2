package dev.headroom.service.documents;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Runs tasks on virtual threads, so many at once. */
final class Bounded implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore places;

    Bounded(int atOnce) {
        places = new Semaphore(atOnce);
    }

    /** The results in the order of the tasks. */
    <T> List<T> all(List<Callable<T>> tasks) {
        List<Future<T>> running = new ArrayList<>(tasks.size());
        for (Callable<T> task : tasks) {
            places.acquireUninterruptibly();
            running.add(threads.submit(() -> {
                try {
                    return task.call();
                } finally {
                    places.release();
                }
            }));
        }
        return running.stream().map(Bounded::result).toList();
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a scan's task failed", failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while scanning documents", stopped);
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
