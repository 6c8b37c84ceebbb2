package dev.headroom.testkit;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
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

    /** Lists, at the end of a run, what was skipped and how to run it: a line in the middle of a log is read by nobody. */
    public static final class Summary implements TestExecutionListener {

        private final PrintStream out;
        private final Map<Why, Long> skipped = new LinkedHashMap<>();
        private @Nullable TestPlan plan;

        /** Called by JUnit, which finds this class through {@code META-INF/services}. */
        public Summary() {
            this(System.out);
        }

        Summary(PrintStream out) {
            this.out = out;
        }

        @Override
        public void testPlanExecutionStarted(TestPlan started) {
            plan = started;
        }

        @Override
        public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getThrowable().orElse(null) instanceof Skipped one) {
                skipped.merge(one.why, tests(test), Long::sum);
            }
        }

        @Override
        public synchronized void testPlanExecutionFinished(TestPlan finished) {
            skipped.forEach((why, tests) -> out.printf(
                    "%nSKIPPED because %s: %d %s; run with %s%n",
                    why.reason(), tests, tests == 1 ? "test" : "tests", why.remedy()));
            skipped.clear();
        }

        /** A class that was skipped as a whole counts with all its tests. */
        private long tests(TestIdentifier skipped) {
            if (skipped.isTest() || plan == null) {
                return 1;
            }
            return plan.getDescendants(skipped).stream()
                    .filter(TestIdentifier::isTest)
                    .count();
        }
    }
}
