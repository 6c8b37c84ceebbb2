package dev.headroom.operator.reconcile;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time for which one process leads. Terms are ordered by the lease alone, by when the API server created it and how often it has changed
 * hands since: clocks of two nodes may differ by more than a lease lasts.
 */
record LeaderTerm(Instant leaseCreated, int transitions) implements Comparable<LeaderTerm> {

    /** Of a process without a lease: nobody else leads, as its user says. */
    static final LeaderTerm ALONE = new LeaderTerm(Instant.EPOCH, 0);

    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,12})/([0-9]{1,9})");

    /** The one that stands first in a text; empty where there is none, such as in marks of older versions. */
    static Optional<LeaderTerm> first(String text) {
        Matcher matcher = WRITTEN.matcher(text.split(" ", 2)[0]);
        return matcher.matches()
                ? Optional.of(new LeaderTerm(
                        Instant.ofEpochSecond(Long.parseLong(matcher.group(1))), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public int compareTo(LeaderTerm other) {
        return Comparator.comparing(LeaderTerm::leaseCreated)
                .thenComparingInt(LeaderTerm::transitions)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return leaseCreated.getEpochSecond() + "/" + transitions;
    }
}
