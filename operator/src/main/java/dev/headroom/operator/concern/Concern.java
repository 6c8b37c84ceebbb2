package dev.headroom.operator.concern;

import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.crd.SpecRules;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One thing that is kept right for a resource, such as its indexes: reads the state, decides purely, acts where it may, and
 * reports. Truth is read from the database and the cluster at each pass. The framework ({@link Concerns}) decides when a
 * concern runs and owns its state (decision 0131).
 *
 * @param <S> what the concern remembers about one resource between two passes; losing it costs time, never correctness
 */
public interface Concern<S extends Concern.State> {

    /**
     * The types of the conditions it reports for this spec, such as IndexesReady; such a resource always has all of them. Without
     * any it has nothing to do and does not run.
     */
    List<String> conditions(DbPerformanceSpec spec);

    /** The mode that the spec asks for; a paused resource is only observed. */
    Mode mode(DbPerformanceSpec spec);

    /** Validates its sections of the spec. The concern does not run while there is a breach. */
    default List<SpecRules.Breach> breaches(DbPerformanceSpec spec) {
        return List.of();
    }

    /**
     * What it lays claim to in the shared database, each with a value that may matter to others. When a claim comes, goes or
     * changes its value, the resources that share it are looked at again.
     */
    default Map<String, String> claims(DbPerformanceSpec spec) {
        return Map.of();
    }

    /** The state of a resource that is new to this process. */
    S open(Clock clock);

    /**
     * Runs on a reconcile thread and answers within seconds: long work goes on threads of the concern's own. An exception
     * means "could not look": its conditions turn Unknown, and it is tried again with backoff.
     */
    ConcernReport reconcile(Pass pass, S state) throws Exception;

    /** How long the deletion of a resource may wait for the clean-up, at most {@code longest}. */
    default Duration patience(DbPerformanceSpec spec, Duration longest) {
        return longest;
    }

    /**
     * One try at cleaning up after a resource that is being deleted: stops its work, gives back what is held for it, and
     * drops what the spec allows to be dropped. Called again until it is done or patience ends.
     */
    Cleanup cleanUp(Pass pass, S state) throws Exception;

    /**
     * Patience with the clean-up is over: gives back at once what needs no waiting, so that nothing is held for a resource that
     * is gone. Says what was done, or nothing.
     */
    default String abandonCleanup(Pass pass, S state) throws Exception {
        return "";
    }

    /** Memory of a concern about one resource, and the work under way for it. */
    interface State {

        /** Cancels the work under way; from now on none is begun. */
        void close();

        /** Waits for the end of that work. False when it took longer. */
        default boolean awaitEnd(Duration limit) throws InterruptedException {
            return true;
        }
    }

    /**
     * How far a clean-up is.
     *
     * @param message what was done, or what it is waiting for
     */
    record Cleanup(boolean done, String message) {

        public static Cleanup done(String message) {
            return new Cleanup(true, message);
        }

        public static Cleanup busy(String message) {
            return new Cleanup(false, message);
        }
    }
}
