package dev.headroom.operator.index.build;

import dev.headroom.insight.Name;
import dev.headroom.operator.index.build.Outcome.Blocked;
import dev.headroom.operator.index.build.Outcome.Failed;
import dev.headroom.operator.index.build.Outcome.Kind;
import dev.headroom.operator.index.plan.DatabaseState;
import dev.headroom.operator.index.plan.DatabaseState.TableFacts;
import dev.headroom.operator.index.plan.IndexPlan.Entry;
import dev.headroom.operator.index.plan.Step;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * What was tried and failed, and when it is due again. Kept in memory only: after a restart everything is due at once,
 * which is right, for whatever was in the way may be gone.
 */
public final class Attempts {
    /** The shortest time to the next try after rows changed that had made a unique index impossible. */
    private static final Duration SHORTEST = Duration.ofSeconds(5);

    private static final String DROP = " drop";

    private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();
    private final Clock clock;
    private final RandomGenerator chance;

    public Attempts(Clock clock, RandomGenerator chance) {
        this.clock = clock;
        this.chance = chance;
    }

    /** The last try at the same thing. */
    public record Attempt(String statement, Outcome outcome, int failures, long changes, Instant at, Instant due) {}

    public Optional<Attempt> last(Entry entry) {
        return entry.step()
                .map(step -> attempts.get(key(entry.key(), step)))
                .filter(attempt -> entry.step()
                        .filter(step -> statement(step).equals(attempt.statement()))
                        .isPresent());
    }

    public boolean isDue(Entry entry, DatabaseState state) {
        Optional<Attempt> last = last(entry);
        if (last.isEmpty()) {
            return true;
        }
        Instant now = clock.instant();
        Attempt attempt = last.get();
        boolean rowsChanged = attempt.outcome() instanceof Failed failed
                && failed.kind() == Kind.DUPLICATE_KEY
                && attempt.changes() != changes(entry, state)
                && now.isAfter(attempt.at().plus(SHORTEST));
        return rowsChanged || !now.isBefore(attempt.due());
    }

    void succeeded(Entry entry) {
        attempts.remove(key(entry.key(), entry.step().orElseThrow()));
    }

    void note(Entry entry, DatabaseState state, Outcome outcome) {
        if (!(outcome instanceof Blocked) && !(outcome instanceof Failed)) {
            return;
        }
        Step step = entry.step().orElseThrow();
        int failures = last(entry).map(Attempt::failures).orElse(0) + (outcome instanceof Failed ? 1 : 0);
        Duration wait = outcome instanceof Failed failed
                ? Backoff.after(failed.kind(), failures, chance.nextDouble())
                : Backoff.BLOCKED;
        Instant now = clock.instant();
        attempts.put(
                key(entry.key(), step),
                new Attempt(statement(step), outcome, failures, changes(entry, state), now, now.plus(wait)));
    }

    public void forget() {
        attempts.clear();
    }

    /** Forgets the indexes that are no longer in the plan. */
    void keepOnly(List<Entry> entries) {
        Set<String> current = new HashSet<>();
        entries.forEach(entry -> {
            current.add(entry.key());
            current.add(entry.key() + DROP);
        });
        attempts.keySet().retainAll(current);
    }

    private static long changes(Entry entry, DatabaseState state) {
        Name table = entry.step().map(Step::table).orElseThrow();
        TableFacts facts = state.tables().get(table);
        return facts == null ? 0 : facts.changes();
    }

    /** Dropping what a failed build left behind is not put off because the build failed. */
    private static String key(String name, Step step) {
        return name + (step instanceof Step.Drop ? DROP : "");
    }

    private static String statement(Step step) {
        return step.sql().getFirst();
    }

    /** How long to wait before the next try. There always is a next one. */
    static final class Backoff {
        private static final Duration FIRST = Duration.ofSeconds(5);
        private static final Duration LONGEST = Duration.ofMinutes(5);
        private static final Duration FIRST_FOR_A_PERSON = Duration.ofMinutes(5);
        private static final Duration LONGEST_FOR_A_PERSON = Duration.ofHours(1);
        /** A blocker is looked for, which costs next to nothing. */
        static final Duration BLOCKED = Duration.ofSeconds(5);
        /** Two operators that failed together do not come back together. */
        private static final double JITTER = 0.2;

        private Backoff() {}

        /** {@code chance} is anything from 0 to 1. */
        static Duration after(Kind kind, int failures, double chance) {
            Duration first = kind.needsAPerson() ? FIRST_FOR_A_PERSON : FIRST;
            Duration longest = kind.needsAPerson() ? LONGEST_FOR_A_PERSON : LONGEST;
            int doublings = Math.min(Math.max(failures, 1) - 1, 20);
            long millis = Math.min(first.toMillis() << doublings, longest.toMillis());
            return Duration.ofMillis((long) (millis * (1 - JITTER + 2 * JITTER * chance)));
        }
    }
}
