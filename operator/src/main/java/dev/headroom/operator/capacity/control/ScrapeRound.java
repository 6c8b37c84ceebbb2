package dev.headroom.operator.capacity.control;

import dev.headroom.operator.capacity.ServerConnections;
import dev.headroom.operator.capacity.ServerConnections.Pods;
import dev.headroom.operator.capacity.metrics.MetricsPage;
import dev.headroom.operator.capacity.metrics.MetricsSource;
import dev.headroom.operator.capacity.metrics.MetricsSource.Answers;
import dev.headroom.operator.capacity.metrics.MetricsSource.PodAddress;
import dev.headroom.operator.database.DatabaseAccess;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One round of measuring a target: its pods' metrics, and now and then the server's connections. Each is read in the background and ends
 * for itself: a database that hangs does not stop the scraping.
 *
 * @param server where the server is asked this time
 */
record ScrapeRound(BackgroundRead<Answers> pods, @Nullable BackgroundRead<ServerAnswer> server) {

    /**
     * What to ask the server.
     *
     * @param addresses from which the target's pods connect; asked for at the last moment, since they come and go
     * @param others the pods of the other resources on a server
     */
    record ServerQuestion(
            DatabaseAccess database, Supplier<Set<String>> addresses, Function<String, List<Pods>> others) {}

    /** What it answered, or why it did not. Empty when the read was stopped. */
    record ServerAnswer(Optional<ServerConnections> connections, Optional<SQLException> failure) {}

    /**
     * Begins.
     *
     * @param question null where the server is not asked this time
     * @param done called at the end of each read, whatever it was
     */
    static ScrapeRound begin(
            MetricsSource metrics, List<PodAddress> pods, @Nullable ServerQuestion question, Runnable done) {
        BackgroundRead<Answers> scrape = new BackgroundRead<>(
                "scrape", () -> metrics.scrape(pods), why -> new Answers(Map.of(), Map.of("", why)), done);
        return new ScrapeRound(
                scrape,
                question == null
                        ? null
                        : new BackgroundRead<>(
                                "count connections",
                                () -> read(question, scrape),
                                why -> new ServerAnswer(Optional.empty(), Optional.empty()),
                                done));
    }

    /** After the pods, which say how many of the sessions are theirs. */
    private static ServerAnswer read(ServerQuestion question, BackgroundRead<Answers> scrape)
            throws InterruptedException {
        int reported = reportedConnections(scrape.await());
        try (Connection connection = question.database().open("capacity")) {
            return new ServerAnswer(
                    Optional.of(ServerConnections.read(
                            connection, question.addresses().get(), reported, question.others())),
                    Optional.empty());
        } catch (SQLException e) {
            return new ServerAnswer(Optional.empty(), Optional.of(e));
        }
    }

    /** Connections that the pods say to hold. */
    private static int reportedConnections(Answers answers) {
        return answers.pages().values().stream()
                .mapToInt(ScrapeRound::reportedConnections)
                .sum();
    }

    static int reportedConnections(MetricsPage page) {
        return page.poolSize().orElse(0) + page.outsidePool().orElse(0);
    }
}
