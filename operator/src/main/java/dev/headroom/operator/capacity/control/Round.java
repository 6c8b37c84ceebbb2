package dev.headroom.operator.capacity.control;

import dev.headroom.operator.capacity.ServerConnections;
import dev.headroom.operator.capacity.metrics.MetricsPage;
import dev.headroom.operator.capacity.metrics.MetricsSource;
import dev.headroom.operator.capacity.metrics.MetricsSource.Answers;
import dev.headroom.operator.capacity.metrics.MetricsSource.PodAddress;
import dev.headroom.operator.database.DatabaseAccess;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One round of measuring a target: its pods' metrics and the server's connections, on a thread of its own, because a pod or a
 * server that hangs must not hold a reconcile thread.
 */
final class Round {

    private static final Logger LOG = System.getLogger(Round.class.getName());

    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private final Thread thread;

    /**
     * What a round brought.
     *
     * @param answers of the pods
     * @param server where it was asked and answered
     * @param databaseFailure where it was asked and did not answer
     */
    record Result(Answers answers, Optional<ServerConnections> server, Optional<SQLException> databaseFailure) {}

    /**
     * What to ask the server.
     *
     * @param addresses from which pods connect; asked for at the last moment, since they come and go
     * @param reported connections that these say to hold
     */
    record ServerQuestion(DatabaseAccess database, Supplier<Set<String>> addresses, int reported) {}

    /**
     * Begins.
     *
     * @param question null where the server is not asked this time
     * @param done called at the end, whatever it was
     */
    Round(
            MetricsSource metrics,
            List<PodAddress> pods,
            @Nullable ServerQuestion question,
            InstantSource time,
            Runnable done) {
        thread = Thread.ofVirtual().name("collect").start(() -> {
            try {
                result.complete(collect(metrics, pods, question));
            } catch (InterruptedException e) {
                result.complete(nothing("the operator is stopping", time.instant()));
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "measuring failed: a bug, please report it", e);
                result.complete(nothing(e.getClass().getSimpleName() + ": " + e.getMessage(), time.instant()));
            } finally {
                done.run();
            }
        });
    }

    private static Result nothing(String why, Instant at) {
        return new Result(new Answers(Map.of(), Map.of("", why), at), Optional.empty(), Optional.empty());
    }

    private static Result collect(MetricsSource metrics, List<PodAddress> pods, @Nullable ServerQuestion question)
            throws InterruptedException {
        Answers answers = metrics.ask(pods);
        if (question == null) {
            return new Result(answers, Optional.empty(), Optional.empty());
        }
        try (Connection connection = question.database().open("capacity")) {
            return new Result(
                    answers,
                    Optional.of(ServerConnections.read(
                            connection,
                            question.addresses().get(),
                            question.reported() + reportedConnections(answers))),
                    Optional.empty());
        } catch (SQLException e) {
            return new Result(answers, Optional.empty(), Optional.of(e));
        }
    }

    /** Connections that the pods say to hold. */
    private static int reportedConnections(Answers answers) {
        return answers.pages().values().stream()
                .mapToInt(Round::reportedConnections)
                .sum();
    }

    static int reportedConnections(MetricsPage page) {
        return page.poolSize().orElse(0) + page.outsidePool().orElse(0);
    }

    /** What it brought, when it has ended. */
    Optional<Result> ended() {
        return Optional.ofNullable(result.getNow(null));
    }

    /** Waits for its end for no longer than this. */
    void await(Duration limit) throws InterruptedException {
        try {
            result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.log(Level.DEBUG, "a round of measuring takes longer than {0}", limit);
        } catch (ExecutionException e) {
            throw new IllegalStateException("it never completes exceptionally", e);
        }
    }

    void cancel() {
        thread.interrupt();
    }
}
