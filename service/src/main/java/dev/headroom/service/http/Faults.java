package dev.headroom.service.http;

import dev.headroom.service.cache.Overloaded;
import dev.headroom.service.catalog.BadParameter;
import dev.headroom.service.catalog.UnknownParameter;
import dev.headroom.service.database.failure.CalledOff;
import dev.headroom.service.database.failure.DatabaseFailure;
import dev.headroom.service.database.failure.DatabaseFull;
import dev.headroom.service.database.failure.DatabaseUnavailable;
import dev.headroom.service.database.failure.PoolBusy;
import dev.headroom.service.database.failure.PoolExhausted;
import dev.headroom.service.database.failure.StatementCancelled;
import dev.headroom.service.database.failure.StatementFailed;
import dev.headroom.service.database.failure.StatementInvalid;
import dev.headroom.service.database.failure.StatementTimedOut;
import dev.headroom.service.database.failure.ValueRefused;
import dev.headroom.service.facets.NotBuiltYet;
import dev.headroom.service.http.exchange.Call;
import dev.headroom.service.http.exchange.Problem;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.logging.Complaints;
import dev.headroom.service.logging.Counted;
import dev.headroom.service.logging.LineBudget;
import dev.headroom.support.Suggestion;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * Turns what was thrown into an answer. What the client can do something about is told to the client; what only we can
 * is logged under the request's id, and the client gets the id. No answer holds SQL, values or a stack.
 */
final class Faults implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Faults.class.getName());

    /** In ten seconds, beside the stacks: enough to find an id in, and no full disk. */
    private static final int FAILED_REQUESTS_TOLD = 100;

    private static final int LONGEST_NAME = 100;

    private final LongAdder shed = new LongAdder();
    private final Complaints shedding = new Complaints(LOG, System::nanoTime);
    private final RepeatedFaults repeated = new RepeatedFaults(Faults::tellUnsaid);
    private final RepeatedFaults stacks = new RepeatedFaults((requests, route, fault) -> {});
    private final LineBudget again = new LineBudget(FAILED_REQUESTS_TOLD, Faults::tellMoreFailed);

    /** Requests turned away because too many were here. */
    long shed() {
        return shed.sum();
    }

    Reply reply(Call call, Throwable failure) {
        Problem problem = problem(call, failure);
        if (problem.kind() == Problem.Kind.OVERLOADED) {
            shed.increment();
        }
        return problem.reply(call.rawPath(), call.requestId());
    }

    private Problem problem(Call call, Throwable failure) {
        return switch (failure) {
            case Problem problem -> problem;
            case BadParameter bad ->
                new Problem(
                                Problem.Kind.BAD_PARAMETER,
                                "The parameter '" + bad.parameter() + "' must be " + bad.expected() + ".")
                        .member("parameter", bad.parameter())
                        .member("expected", bad.expected());
            case UnknownParameter unknown -> unknown(unknown);
            case Overloaded overloaded ->
                new Problem(Problem.Kind.OVERLOADED, "Too many answers are being computed; try again in a second.")
                        .retryAfter(1);
            case NotBuiltYet early -> {
                LOG.log(System.Logger.Level.DEBUG, () -> early.getMessage() + " (request " + call.requestId() + ")");
                yield new Problem(Problem.Kind.TIMED_OUT, "What this path answers from is still being built.")
                        .retryAfter(2);
            }
            case DatabaseFailure database -> database(call, database);
            default -> ours(call, failure);
        };
    }

    private static Problem unknown(UnknownParameter unknown) {
        String name = unknown.parameter();
        String shown = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
        return new Problem(
                        Problem.Kind.BAD_PARAMETER,
                        "There is no parameter '" + shown + "' here: "
                                + (unknown.known().isEmpty()
                                        ? "this path takes none."
                                        : Suggestion.hint(shown, unknown.known())))
                .member("parameter", shown)
                .member(
                        "expected",
                        unknown.known().isEmpty()
                                ? "no query parameters"
                                : "one of " + String.join(", ", unknown.known()));
    }

    private Problem database(Call call, DatabaseFailure failure) {
        return switch (failure) {
            // Counted: a line for each would be one more load.
            case PoolBusy busy -> {
                shedding.say("requests are turned away with 503: " + busy.getMessage());
                yield new Problem(
                                Problem.Kind.OVERLOADED,
                                "Too many requests wait for the database; try again in a second.")
                        .retryAfter(1);
            }
            // Nobody reads it, and clients leave all day.
            case CalledOff unwanted -> new Problem(Problem.Kind.CLIENT_LEFT, "The client left before the answer.");
            case PoolExhausted exhausted ->
                later(call, failure, Problem.Kind.DATABASE_UNAVAILABLE, "All connections to the database are in use.");
            case DatabaseUnavailable unavailable ->
                later(
                        call,
                        failure,
                        Problem.Kind.DATABASE_UNAVAILABLE,
                        "The database cannot be reached at the moment.");
            case StatementTimedOut timedOut ->
                later(
                        call,
                        failure,
                        Problem.Kind.TIMED_OUT,
                        "The database took longer than database.statement-timeout allows.");
            case DatabaseFull full ->
                later(call, failure, Problem.Kind.DATABASE_UNAVAILABLE, "The database has no room left on its disk.");
            case StatementCancelled cancelled ->
                later(call, failure, Problem.Kind.TIMED_OUT, "The statement was called off before it finished.");
            case ValueRefused refused -> {
                // Or of a row: nobody can tell, and the author of the statement should look.
                logAnswered(call, failure, Problem.Kind.BAD_PARAMETER);
                yield new Problem(Problem.Kind.BAD_PARAMETER, "The database does not accept the value of a parameter.");
            }
            case StatementFailed failed -> sqlFailed(call, failed.forLog());
            case StatementInvalid invalid ->
                sqlFailed(call, "the database refuses the statement: " + invalid.getMessage());
        };
    }

    private Problem later(Call call, DatabaseFailure failure, Problem.Kind kind, String detail) {
        logAnswered(call, failure, kind);
        Duration wait = failure.retryAfter().orElse(Duration.ofSeconds(1));
        return new Problem(kind, detail).retryAfter(Math.max(1, wait.toSeconds()));
    }

    private void logAnswered(Call call, DatabaseFailure failure, Problem.Kind kind) {
        if (repeated.turn(call.route(), failure.getClass(), kind.slug())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} {1} answered {2}: {3} (request {4})",
                    call.method(),
                    call.route(),
                    kind.status(),
                    failure.getMessage(),
                    call.requestId());
        }
    }

    private static void tellUnsaid(long requests, String route, String fault) {
        LOG.log(
                System.Logger.Level.WARNING,
                "{0} of {1} ended with {2} in the last {3} s",
                new Counted(requests, "more request"),
                route,
                fault,
                LineBudget.SECONDS);
    }

    /** The stack is said as seldom as any fault. The client is told that its id is in the log only where it is. */
    private Problem ours(Call call, Throwable failure) {
        String what = "%s %s failed (request %s)".formatted(call.method(), call.route(), call.requestId());
        if (stacks.turn(call.route(), failure.getClass(), "")) {
            LOG.log(System.Logger.Level.ERROR, what, failure);
            return internal(true);
        }
        return internal(isLogged(what + " as before: " + failure));
    }

    /** The statement and the server's message say all that a stack could. */
    private Problem sqlFailed(Call call, String why) {
        return internal(isLogged(
                "%s %s failed (request %s): %s".formatted(call.method(), call.route(), call.requestId(), why)));
    }

    private boolean isLogged(String line) {
        boolean room = again.spend();
        if (room) {
            LOG.log(System.Logger.Level.ERROR, line);
        }
        return room;
    }

    private static Problem internal(boolean logged) {
        return new Problem(
                Problem.Kind.INTERNAL,
                logged
                        ? "Something went wrong here; the request id leads to it in our log."
                        : "Something went wrong here, as for many requests just now; our log says what.");
    }

    private static void tellMoreFailed(long requests) {
        LOG.log(
                System.Logger.Level.ERROR,
                "{0} failed in the last {1} s; the metrics count all",
                new Counted(requests, "more request"),
                LineBudget.SECONDS);
    }

    @Override
    public void close() {
        repeated.close();
        stacks.close();
        again.close();
    }
}
