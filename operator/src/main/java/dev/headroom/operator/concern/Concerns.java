package dev.headroom.operator.concern;

import dev.headroom.operator.crd.Reason;
import dev.headroom.operator.database.AccessFailure;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** All concerns, each isolated from what happens to the others. */
public final class Concerns {

    private static final Logger LOG = System.getLogger(Concerns.class.getName());

    private final List<Concern> concerns;

    public Concerns(List<Concern> concerns) {
        this.concerns = List.copyOf(concerns);
    }

    public List<ConcernOutcome> look(Pass pass) {
        return concerns.stream().map(concern -> look(concern, pass)).toList();
    }

    /** What is said of every concern when the database could not even be approached. */
    public List<ConcernOutcome> blind(Verdict why) {
        return concerns.stream()
                .map(concern -> ConcernOutcome.blind(concern.condition(), why))
                .toList();
    }

    private static ConcernOutcome look(Concern concern, Pass pass) {
        try {
            return ConcernOutcome.of(concern.condition(), concern.look(pass), pass.mode());
        } catch (SQLException e) {
            AccessFailure failure = AccessFailure.of(e);
            LOG.log(Level.DEBUG, () -> pass.id() + ": " + concern.condition(), e);
            return ConcernOutcome.blind(concern.condition(), failure.reason(), failure.message());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ConcernOutcome.blind(concern.condition(), Reason.LOOK_FAILED, "the operator is stopping");
        } catch (Exception e) {
            LOG.log(Level.ERROR, () -> pass.id() + ": " + concern.condition() + " failed: a bug, please report it", e);
            return ConcernOutcome.blind(
                    concern.condition(), Reason.LOOK_FAILED, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /** One try to release everything. Each concern is asked, also when another one fails. */
    public Release release(Pass pass) {
        Release all = Release.NOTHING;
        for (Concern concern : concerns) {
            all = all.and(release(concern, pass));
        }
        return all;
    }

    private static Release release(Concern concern, Pass pass) {
        try {
            return switch (concern.release(pass)) {
                case Concern.Farewell.Done done -> new Release(true, done.message());
                case Concern.Farewell.Busy busy -> new Release(false, busy.message());
            };
        } catch (SQLException e) {
            return new Release(false, AccessFailure.of(e).message());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Release(false, "the operator is stopping");
        } catch (Exception e) {
            LOG.log(Level.ERROR, () -> pass.id() + ": release of " + concern.condition() + " failed", e);
            return new Release(false, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /** What each concern said as it gave up, or why it could not even do that. */
    public String giveUp(Pass pass) {
        return concerns.stream()
                .map(concern -> giveUp(concern, pass))
                .filter(said -> !said.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String giveUp(Concern concern, Pass pass) {
        try {
            return concern.giveUp(pass);
        } catch (SQLException e) {
            return AccessFailure.of(e).message();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the operator is stopping";
        } catch (Exception e) {
            LOG.log(Level.ERROR, () -> pass.id() + ": " + concern.condition() + " could not give up", e);
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    public void forget(ResourceId id) {
        concerns.forEach(concern -> concern.forget(id));
    }

    public void stop() {
        concerns.forEach(Concern::stop);
    }

    /** How far a release of all concerns is. */
    public record Release(boolean done, String message) {

        static final Release NOTHING = new Release(true, "");

        private Release and(Release other) {
            String both = message.isEmpty() || other.message.isEmpty()
                    ? message + other.message
                    : message + "; " + other.message;
            return new Release(done && other.done, both);
        }
    }
}
