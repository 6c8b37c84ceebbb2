package dev.headroom.operator.concern;

import static java.util.Objects.requireNonNull;

import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.Reason;
import dev.headroom.operator.crd.SpecRules;
import dev.headroom.operator.database.AccessFailure;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All concerns of this program at work on all resources. Owns what each concern remembers of each resource, decides which
 * concerns run in a pass, and keeps what happens to one from the others (decision 0131).
 */
public final class Concerns {

    private static final Logger LOG = System.getLogger(Concerns.class.getName());

    /** Kubernetes waits 30 s by default before it kills; others have to end too. */
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(10);

    private final List<Concern<?>> concerns;
    private final Duration longestInterval;
    private final InstantSource steady;
    private final DoubleSupplier random;
    private final Map<ResourceId, List<Instance<?>>> instances = new ConcurrentHashMap<>();
    private boolean stopped;

    /**
     * @param longestInterval every concern looks at a resource this often when nothing else asks for it
     * @param steady time that only counts, for what is waited for: with a clock that is set back nothing would run
     * @param random from 0 to 1, for jitter
     */
    public Concerns(List<Concern<?>> concerns, Duration longestInterval, InstantSource steady, DoubleSupplier random) {
        this.concerns = List.copyOf(concerns);
        this.longestInterval = longestInterval;
        this.steady = steady;
        this.random = random;
    }

    /** Begins at the time of day and then only counts, so it does not jump when the clock is set. */
    public static InstantSource steadyTime() {
        Instant began = Instant.now();
        long beganNanos = System.nanoTime();
        return () -> began.plusNanos(System.nanoTime() - beganNanos);
    }

    /**
     * Runs the concerns that are due.
     *
     * @param version of what the user decides about the resource; a change makes all of them due
     * @param woken called when a run of the resource would find something new
     * @return the last outcome of each concern, whether it ran in this pass or before
     */
    public List<ConcernOutcome> reconcile(Pass pass, Object version, Runnable woken) {
        List<Instance<?>> all = instances(pass);
        List<SpecRules.Breach> breaches = SpecRules.ofDatabase(pass.spec());
        return all.stream()
                .filter(instance -> instance.hasToDo(pass))
                .map(instance -> instance.runIfDue(pass, version, breaches, woken))
                .toList();
    }

    /** When the next concern is due for a resource. */
    public Duration untilNext(ResourceId id) {
        Instant now = steady.instant();
        Instant next = instances.getOrDefault(id, List.of()).stream()
                .filter(instance -> instance.last != null)
                .map(instance -> instance.schedule.next())
                .reduce(now.plus(longestInterval), (a, b) -> a.isBefore(b) ? a : b);
        return next.isBefore(now) ? Duration.ZERO : Duration.between(now, next);
    }

    /** Makes all concerns due for a resource. */
    public void wake(ResourceId id) {
        instances.getOrDefault(id, List.of()).forEach(instance -> instance.schedule.wake());
    }

    /** Makes this concern due for a resource. */
    public void wake(ResourceId id, Class<? extends Concern<?>> concern) {
        instances.getOrDefault(id, List.of()).stream()
                .filter(instance -> concern.isInstance(instance.concern))
                .forEach(instance -> instance.schedule.wake());
    }

    /** What all concerns lay claim to. */
    public Map<String, String> claims(DbPerformanceSpec spec) {
        Map<String, String> claims = new HashMap<>();
        concerns.forEach(concern -> claims.putAll(concern.claims(spec)));
        return claims;
    }

    /**
     * One try to clean up after a deleted resource, by each concern that has not ended its clean-up.
     *
     * @param longest the patience of a concern that says nothing else
     */
    public Deletion cleanUp(Pass pass, Duration longest) {
        PatientCleanup.Step all = PatientCleanup.Step.NOTHING;
        for (Instance<?> instance : instances(pass)) {
            all = all.and(instance.cleanUp(pass, longest));
        }
        return new Deletion(all.ended(), all.complete(), all.message(), all.again());
    }

    /**
     * How far the clean-up of a resource is.
     *
     * @param ended the resource can go
     * @param complete nothing was left undone
     * @param again when to try the next time, where it has not ended
     */
    public record Deletion(boolean ended, boolean complete, String message, Duration again) {}

    /** The resource is gone. */
    public void forget(ResourceId id) {
        List<Instance<?>> gone = instances.remove(id);
        if (gone != null) {
            gone.forEach(instance -> instance.state.close());
        }
    }

    /** Forgets the resources that are not among these. */
    public void keepOnly(Set<ResourceId> existing) {
        List.copyOf(instances.keySet()).stream()
                .filter(id -> !existing.contains(id))
                .forEach(this::forget);
    }

    /** Cancels all work and waits for its end, within a few seconds. Passes go on to look and report, and begin nothing. */
    public void stop() {
        List<Instance<?>> all;
        synchronized (instances) {
            stopped = true;
            all = instances.values().stream().flatMap(List::stream).toList();
            all.forEach(instance -> instance.state.close());
        }
        Instant until = steady.instant().plus(TIME_TO_STOP);
        for (Instance<?> instance : all) {
            try {
                Duration left = Duration.between(steady.instant(), until);
                if (left.isNegative() || !instance.state.awaitEnd(left)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private List<Instance<?>> instances(Pass pass) {
        synchronized (instances) {
            return instances.computeIfAbsent(
                    pass.id(),
                    id -> concerns.stream()
                            .<Instance<?>>map(concern -> open(concern, pass))
                            .toList());
        }
    }

    private <S extends Concern.State> Instance<S> open(Concern<S> concern, Pass pass) {
        Instance<S> instance = new Instance<>(concern, pass, new Schedule(longestInterval, random));
        if (stopped) {
            instance.state.close();
        }
        return instance;
    }

    /** A concern at work on one resource. JOSDK runs one pass of a resource at a time. */
    private final class Instance<S extends Concern.State> {
        private final Concern<S> concern;
        private final Schedule schedule;
        private final PatientCleanup cleanup = new PatientCleanup();
        private volatile S state;
        private volatile @Nullable ConcernOutcome last;

        Instance(Concern<S> concern, Pass pass, Schedule schedule) {
            this.concern = concern;
            this.schedule = schedule;
            this.state = concern.open(pass.clock());
        }

        /** Where a section of the spec is gone, what was found for it is forgotten. */
        boolean hasToDo(Pass pass) {
            boolean has = !concern.conditions(pass.spec()).isEmpty();
            if (!has && last != null) {
                last = null;
                renew(pass);
            }
            return has;
        }

        private void renew(Pass pass) {
            synchronized (instances) { // a stop in between has to find the new state
                state.close();
                state = concern.open(pass.clock());
                if (stopped) {
                    state.close();
                }
            }
        }

        ConcernOutcome runIfDue(Pass pass, Object version, List<SpecRules.Breach> ofDatabase, Runnable woken) {
            if (!schedule.isDue(version, steady.instant())) {
                return requireNonNull(last);
            }
            schedule.begin(version);
            ConcernOutcome outcome = run(pass, ofDatabase, () -> {
                schedule.wake();
                woken.run();
            });
            if (outcome.report() == null) {
                schedule.failed(steady.instant());
            } else {
                schedule.succeeded(outcome.report().next(), steady.instant());
            }
            last = outcome.withoutNotices();
            return outcome;
        }

        /** Whatever a concern throws, the others go on and it is tried again. */
        private ConcernOutcome run(Pass pass, List<SpecRules.Breach> ofDatabase, Runnable progress) {
            try {
                List<SpecRules.Breach> breaches = ofDatabase.isEmpty() ? concern.breaches(pass.spec()) : ofDatabase;
                if (!breaches.isEmpty()) {
                    return refused(pass, breaches);
                }
                Pass own = pass.of(concern, progress);
                return ConcernOutcome.of(concern.reconcile(own, state), own.mode());
            } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
                return ConcernOutcome.blind(concern.conditions(pass.spec()), why(e, pass));
            }
        }

        /** Nothing goes on that an invalid spec may not want. */
        private ConcernOutcome refused(Pass pass, List<SpecRules.Breach> breaches) {
            renew(pass);
            return ConcernOutcome.blind(
                    concern.conditions(pass.spec()),
                    Verdict.no(
                            Reason.INVALID_SPEC,
                            breaches.stream().map(SpecRules.Breach::toString).collect(Collectors.joining("; "))));
        }

        PatientCleanup.Step cleanUp(Pass pass, Duration longest) {
            Pass own = pass.of(concern, () -> {});
            return cleanup.step(
                    requireNonNull(pass.resource().deletedAt()),
                    concern.patience(pass.spec(), longest),
                    pass.clock(),
                    () -> orElse(() -> concern.cleanUp(own, state), own, Concern.Cleanup::busy),
                    () -> orElse(() -> concern.abandonCleanup(own, state), own, message -> message));
        }

        private <T> T orElse(Callable<T> call, Pass pass, Function<String, T> failed) {
            try {
                return call.call();
            } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
                return failed.apply(why(e, pass).message());
            }
        }

        private Verdict why(Throwable failure, Pass pass) {
            return switch (failure) {
                case Pass.NoDatabase none -> none.why();
                case SQLException sql -> unreachable(sql, pass);
                case InterruptedException interrupted -> {
                    Thread.currentThread().interrupt();
                    yield Verdict.unknown(Reason.LOOK_FAILED, "the operator is stopping");
                }
                default -> bug(failure, pass);
            };
        }

        private Verdict unreachable(SQLException failure, Pass pass) {
            LOG.log(Level.DEBUG, () -> pass.id() + ": " + concern.conditions(pass.spec()), failure);
            AccessFailure access = AccessFailure.of(failure);
            return Verdict.unknown(access.reason(), access.message());
        }

        private Verdict bug(Throwable failure, Pass pass) {
            LOG.log(
                    Level.ERROR,
                    () -> pass.id() + ": " + concern.conditions(pass.spec()) + " failed: a bug, please report it",
                    failure);
            return Verdict.unknown(
                    Reason.LOOK_FAILED, failure.getClass().getSimpleName() + ": " + failure.getMessage());
        }
    }
}
