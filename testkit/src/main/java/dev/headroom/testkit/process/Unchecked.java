package dev.headroom.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Runs what may fail on files, where an IOException has nobody to catch it. */
public final class Unchecked {

    /** Something that gives a value, or fails on files. */
    @FunctionalInterface
    public interface Action<T> {
        T run() throws IOException;
    }

    private Unchecked() {}

    public static <T> T io(Action<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program to its end; the answer is whether it succeeded. A program that is not installed does not. */
    public static boolean succeeds(ProcessBuilder program) {
        try {
            return program.start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
