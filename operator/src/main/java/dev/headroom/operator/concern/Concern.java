package dev.headroom.operator.concern;

/**
 * One thing that is kept right about a database, such as its indexes: reads what is, decides purely, acts in Apply mode
 * only, and reports.
 *
 * <p>Truth is read from the database at each look. {@link #look} runs on a reconcile thread and answers within seconds:
 * long work goes on threads of the concern's own, keyed by the resource, and is found there by the next look.
 */
public interface Concern {

    /** The type of the condition that the report becomes, such as IndexesReady. */
    String condition();

    /** Reads, decides, acts if the pass may, reports. A throw means "could not look", and is retried with backoff. */
    ConcernReport look(Pass pass) throws Exception;

    /**
     * The resource is being deleted: stops its work and gives back what is held for it; drops what the spec allows to be
     * dropped. Called again until it is done, or until patience with the database ends.
     */
    Farewell release(Pass pass) throws Exception;

    /**
     * Patience with a release is over: stops the work, and gives back at once what can be given back without waiting, so that
     * nothing in the database is held for a resource that is gone. Says what was done.
     */
    String giveUp(Pass pass) throws Exception;

    /** The resource is gone, or the database cannot be asked any more: stops its work without another question. */
    void forget(ResourceId id);

    /** The program ends: work under way is cancelled so that nothing broken stays behind, within a few seconds. */
    void stop();

    /** How far a release is. */
    sealed interface Farewell {
        /** Nothing is held any more. {@code message} says what was done, for the event. */
        record Done(String message) implements Farewell {}

        /** Still at it; asked again soon. */
        record Busy(String message) implements Farewell {}
    }
}
