package dev.headroom.operator.capacity.control;

import dev.headroom.operator.capacity.Budget;
import dev.headroom.operator.capacity.Budget.Limit;
import dev.headroom.operator.capacity.ConnectionUse;
import dev.headroom.operator.capacity.PodScrape;
import dev.headroom.operator.capacity.PoolSizer;
import dev.headroom.operator.capacity.PoolSizer.Demand;
import dev.headroom.operator.capacity.ScrapeHistory;
import dev.headroom.operator.capacity.ScrapeWindow;
import dev.headroom.operator.capacity.ServerConnections;
import dev.headroom.operator.capacity.control.ScrapeRound.ServerAnswer;
import dev.headroom.operator.capacity.metrics.MetricsPage;
import dev.headroom.operator.capacity.metrics.MetricsSource.Answers;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.database.AccessFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the last rounds brought about one target and its server. What did not come stays unknown: a pod's last page is kept while
 * the pod lives, the server's last answer until the next one.
 */
final class Measurements {

    /** Sessions of other users are taken at their peak of this time. */
    private static final Duration PEAK_WINDOW = Duration.ofMinutes(10);

    /** Sessions that the operator may open itself: a look, this one, and a build with its watchdog. */
    private static final int OWN_SESSIONS = 4;

    /** Samples that stay the same for longer are unknown. */
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(2);

    /** A window needs news of so many of the pods that answered. */
    private static final double MOST_PODS = 0.6;

    private static final int ENOUGH_ROUNDS = 4;

    private final Map<String, MetricsPage> pages = new HashMap<>();
    private final ScrapeHistory history = new ScrapeHistory();
    private final Deque<Seen> othersSeen = new ArrayDeque<>();
    private Instant windowBeganAt = Instant.EPOCH;
    private @Nullable Answers answers;
    private @Nullable ScrapeWindow window;
    private @Nullable ServerConnections server;
    private int serverAnswers;
    private Optional<Verdict> databaseTrouble = Optional.empty();
    private final ConnectionUse use = new ConnectionUse();
    private @Nullable Instant silentSince;
    private Duration silence = Duration.ZERO;
    private int rounds;

    private record Seen(Instant at, Map<String, Integer> others) {}

    /** Takes in what the pods told. */
    void add(Answers ofPods, Target target, Instant now) {
        answers = ofPods;
        rounds++;
        pages.putAll(ofPods.pages());
        pages.keySet()
                .removeIf(
                        uid -> target.pods().stream().noneMatch(pod -> pod.uid().equals(uid)));
        history.retain(pages.keySet());
        if (!ofPods.pages().isEmpty() || target.ready() == 0) {
            silentSince = null;
        } else if (silentSince == null) {
            silentSince = now;
        }
        silence = silentSince == null ? Duration.ZERO : Duration.between(silentSince, now);
    }

    /** Takes in what the server told. */
    void add(ServerAnswer answer, Instant now) {
        answer.connections().ifPresent(seen -> add(seen, now));
        answer.failure().ifPresent(failure -> {
            AccessFailure access = AccessFailure.of(failure);
            noDatabase(Verdict.unknown(access.reason(), access.message()));
        });
    }

    private void add(ServerConnections seen, Instant now) {
        // The first answer came when nobody knew what the pods of other resources hold: it is no peak of others.
        boolean second = serverAnswers == 1;
        if (server == null || !server.systemIdentifier().equals(seen.systemIdentifier())) {
            serverAnswers = 0;
        }
        if (second || serverAnswers == 0) {
            othersSeen.clear();
        }
        serverAnswers++;
        Map<String, Integer> others = new HashMap<>();
        seen.limits().forEach(limit -> limit.observedOthers().ifPresent(n -> others.put(limit.name(), n)));
        othersSeen.addLast(new Seen(now, others));
        othersSeen.removeIf(each -> each.at().isBefore(now.minus(PEAK_WINDOW)));
        server = seen;
        databaseTrouble = Optional.empty();
    }

    void noDatabase(Verdict why) {
        databaseTrouble = Optional.of(why);
    }

    /**
     * Ends the window that is being measured when it is long enough, and begins the next one with the same scrapes. Passes that only
     * wait for a pool size scrape more often, and a window of a second says little.
     */
    Optional<ScrapeWindow> nextWindow(
            Duration interval, Target target, Instant now, OptionalInt databaseCores, boolean databaseBound) {
        if (answers == null
                || now.isBefore(windowBeganAt.plus(interval.multipliedBy(9).dividedBy(10)))) {
            return Optional.empty();
        }
        List<PodScrape> scrapes = history.complete(
                answers.pages().values().stream().map(MetricsPage::scrape).toList());
        long fresh = scrapes.stream().filter(history::isNews).count();
        boolean few = fresh < MOST_PODS * scrapes.size();
        if (few && now.isBefore(windowBeganAt.plus(LONGEST_WINDOW))) {
            return Optional
                    .empty(); // a Prometheus server asks the pods less often than we ask it, each at its own time
        }
        // A pod that starts spends its processor on starting.
        Set<String> serving = target.pods().stream()
                .filter(pod -> pod.ready() && !pod.terminating())
                .map(Target.Pod::uid)
                .collect(Collectors.toSet());
        ScrapeWindow next = history.window(
                scrapes.stream()
                        .filter(scrape -> serving.contains(scrape.pod()))
                        .toList(),
                serving.size());
        history.begin(scrapes);
        windowBeganAt = now;
        window = next;
        use.learn(next, databaseBound && areCoresBusy(databaseCores), usefulSessions(databaseCores));
        return Optional.of(next);
    }

    private boolean areCoresBusy(OptionalInt databaseCores) {
        return databaseCores.isPresent() && activeSessions().orElse(0) >= databaseCores.getAsInt();
    }

    private OptionalInt usefulSessions(OptionalInt databaseCores) {
        int waitingForLocks = server == null ? 0 : server.waitingForLocks();
        return databaseCores.isEmpty()
                ? databaseCores
                : OptionalInt.of(PoolSizer.usefulSessions(databaseCores.getAsInt(), waitingForLocks));
    }

    Demand demand() {
        return use.demand();
    }

    /**
     * Whether a first size would be a guess: the use of connections is not known yet, or a serving pod has not answered. One that does not
     * answer in a few rounds may never do, and counts with the largest pool that it can have.
     */
    boolean isDemandPending(Target target) {
        boolean unknownPods =
                target.pods().stream().anyMatch(pod -> pod.ready() && !pod.terminating() && !hasPage(pod));
        boolean early = rounds < ENOUGH_ROUNDS;
        return (unknownPods && (early || pages.isEmpty())) || (demand().rate().isEmpty() && early);
    }

    Optional<ScrapeWindow> window() {
        return Optional.ofNullable(window);
    }

    /** Why the first pod that did not answer did not. */
    Optional<String> failure() {
        return Optional.ofNullable(answers)
                .flatMap(came -> came.failures().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .findFirst())
                .map(first -> first.getKey() + ": " + first.getValue());
    }

    /** For how long ready pods have been asked and none has answered. */
    Duration silence() {
        return silence;
    }

    /** Connections that a pod may hold outside of its pool: the most that one says. */
    int outsidePool() {
        return pages.values().stream()
                .mapToInt(page -> page.outsidePool().orElse(0))
                .max()
                .orElse(0);
    }

    /** The size of a pool that follows no file: the most that one says. */
    OptionalInt unmanagedSize() {
        return pages.values().stream()
                .filter(page -> page.generation().orElse(0) <= 0)
                .flatMapToInt(page -> page.poolSize().stream())
                .max();
    }

    /** The generation that a pod reported last, 0 when it reported none; empty when it never answered. */
    OptionalLong generation(Target.Pod pod) {
        MetricsPage page = pages.get(pod.uid());
        return page == null
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(page.generation().orElse(0), 0));
    }

    /** The size that a pod reported last: more than the published one while connections have to come back. */
    OptionalInt size(Target.Pod pod) {
        MetricsPage page = pages.get(pod.uid());
        return page == null ? OptionalInt.empty() : page.poolSize();
    }

    boolean hasPage(Target.Pod pod) {
        return pages.containsKey(pod.uid());
    }

    /** Connections that the pods say to hold. */
    int reportedConnections() {
        return pages.values().stream()
                .mapToInt(ScrapeRound::reportedConnections)
                .sum();
    }

    /** The database by its name on the server; empty where it did not answer yet. */
    String database() {
        return server == null ? "" : server.database();
    }

    /** Sessions that execute a statement. */
    OptionalInt activeSessions() {
        return server == null ? OptionalInt.empty() : server.active();
    }

    /** Why the server could not be asked the last time. */
    Optional<Verdict> databaseTrouble() {
        return databaseTrouble;
    }

    /** The server's budget by its last answer, less the peak of other users' sessions within ten minutes. */
    Optional<Budget> budget(int reserved) {
        return Optional.ofNullable(server)
                .map(seen -> Budget.of(
                        seen.systemIdentifier(),
                        seen.limits().stream().map(this::atPeak).toList(),
                        reserved,
                        Math.max(seen.ours(), OWN_SESSIONS)));
    }

    /** The same for each limit that applies. */
    Map<String, Integer> budgetsByLimit(int reserved) {
        return server == null
                ? Map.of()
                : Budget.byLimit(
                        server.limits().stream().map(this::atPeak).toList(),
                        reserved,
                        Math.max(server.ours(), OWN_SESSIONS));
    }

    private Limit atPeak(Limit limit) {
        if (limit.observedOthers().isEmpty()) {
            return limit;
        }
        OptionalInt peak = othersSeen.stream()
                .filter(seen -> seen.others().containsKey(limit.name()))
                .mapToInt(seen -> seen.others().get(limit.name()))
                .max();
        return new Limit(limit.name(), limit.connections(), limit.reserved(), peak);
    }
}
