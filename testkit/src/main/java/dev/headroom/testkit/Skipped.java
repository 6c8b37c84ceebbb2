package dev.headroom.testkit;

import org.opentest4j.TestAbortedException;

/** A test that cannot run the way this run was started: never silently, always with the way to run it. */
public final class Skipped extends TestAbortedException {

    /** What is missing, and what to do about it. */
    record Why(String reason, String remedy) {}

    private final transient Why why;

    private Skipped(Why why) {
        super("SKIPPED because " + why.reason + "; run with " + why.remedy);
        this.why = why;
    }

    /** To be thrown: "SKIPPED because {@code reason}; run with {@code remedy}". */
    public static Skipped because(String reason, String remedy) {
        return new Skipped(new Why(reason, remedy));
    }

    Why why() {
        return why;
    }
}
