package dev.headroom.operator.index;

import static java.util.stream.Collectors.joining;

import dev.headroom.operator.concern.ConcernReport;
import dev.headroom.operator.concern.Notice;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.DbPerformanceStatus;
import dev.headroom.operator.crd.DbPerformanceStatus.FindingStatus;
import dev.headroom.operator.crd.DbPerformanceStatus.UsageStatus;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.crd.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The report of the index concern: the condition, the events and the time of the next run, from the indexes' states. */
final class IndexReport {
    private static final Duration SOON = Duration.ofSeconds(5);
    /** While others work on the database, since each look holds them up for a moment: a build waits for its snapshots. */
    private static final Duration WAITING = Duration.ofSeconds(30);

    private static final Duration AT_REST = Duration.ofMinutes(5);
    private static final Set<State> UNSETTLED =
            Set.of(State.PENDING, State.BUILDING, State.DROPPING, State.BLOCKED, State.TABLE_MISSING, State.FAILED);

    /** The states that make the condition false, the most telling first, each with its reason. */
    private static final List<Map.Entry<State, Reason>> REASONS = List.of(
            Map.entry(State.BUILDING, Reason.INDEXES_BUILDING),
            Map.entry(State.FAILED, Reason.INDEX_FAILED),
            Map.entry(State.REFUSED, Reason.INDEX_REFUSED),
            Map.entry(State.CONFLICT, Reason.INDEX_CONFLICT),
            Map.entry(State.BLOCKED, Reason.INDEX_BLOCKED),
            Map.entry(State.TABLE_MISSING, Reason.TABLE_MISSING),
            Map.entry(State.DROPPING, Reason.INDEXES_BUILDING),
            Map.entry(State.PENDING, Reason.INDEXES_PENDING));

    /** How many indexes a message names, and how many notices a look may give. */
    private static final int NAMED = 10;

    private final List<IndexStatus> indexes;
    private final List<FindingStatus> findings;
    private final @Nullable UsageStatus usage;
    private final boolean acting;
    private final boolean waiting;

    /** @param waiting whether the work of this resource waits for its turn */
    IndexReport(
            List<IndexStatus> indexes,
            List<FindingStatus> findings,
            @Nullable UsageStatus usage,
            boolean acting,
            boolean waiting) {
        this.usage = usage;
        this.indexes = List.copyOf(indexes);
        this.findings = findings;
        this.acting = acting;
        this.waiting = waiting;
    }

    /** {@code before} are the states that the last look reported, by name. */
    ConcernReport asReport(Map<String, State> before) {
        boolean settled = !acting || indexes.stream().noneMatch(each -> UNSETTLED.contains(each.state()));
        return new ConcernReport(
                Map.of(DbPerformanceStatus.INDEXES_READY, verdict()),
                status -> status.with(indexes, findings, usage),
                notices(before),
                settled,
                settled ? AT_REST : waiting ? WAITING : SOON);
    }

    static ConcernReport unsupported(String why) {
        return new ConcernReport(
                Map.of(DbPerformanceStatus.INDEXES_READY, Verdict.no(Reason.SERVER_UNSUPPORTED, why)),
                status -> status.with(List.of(), List.of(), null),
                List.of(Notice.warning(Reason.SERVER_UNSUPPORTED, why)),
                false,
                true,
                AT_REST);
    }

    private Verdict verdict() {
        List<IndexStatus> wanted =
                indexes.stream().filter(each -> each.origin() != Origin.REMOVED).toList();
        long valid = wanted.stream().filter(each -> each.state() == State.VALID).count();
        String count = valid + " of " + wanted.size() + " valid";
        for (Map.Entry<State, Reason> reason : REASONS) {
            List<IndexStatus> such = wanted.stream()
                    .filter(each -> each.state() == reason.getKey())
                    .toList();
            if (!such.isEmpty()) {
                return Verdict.no(
                        reason.getValue(),
                        count + "; "
                                + such.stream()
                                        .limit(NAMED)
                                        .map(IndexReport::line)
                                        .collect(joining("; "))
                                + (such.size() > NAMED ? "; and " + (such.size() - NAMED) + " more" : ""));
            }
        }
        return Verdict.yes(Reason.INDEXES_VALID, count);
    }

    private static String line(IndexStatus index) {
        String state = index.name() + " "
                + index.state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        if (index.blockedBy() != null) {
            return state + (index.state() == State.BLOCKED ? " by " : ", waits for ") + index.blockedBy();
        }
        return index.message() == null ? state : state + ": " + index.message();
    }

    private List<Notice> notices(Map<String, State> before) {
        List<Notice> notices = new ArrayList<>();
        for (IndexStatus index : indexes) {
            State was = before.get(index.table() + "." + index.name());
            if (was == index.state()) {
                continue;
            }
            switch (index.state()) {
                case VALID -> {
                    if (was != null) {
                        notices.add(Notice.normal("IndexValid", index.name() + " on " + index.table() + " is valid"));
                    }
                }
                case BUILDING -> notices.add(Notice.normal("IndexBuilding", index.name() + " on " + index.table()));
                case BLOCKED -> notices.add(Notice.warning(Reason.INDEX_BLOCKED, line(index)));
                case TABLE_MISSING -> notices.add(Notice.warning(Reason.TABLE_MISSING, line(index)));
                case FAILED -> notices.add(Notice.warning(Reason.INDEX_FAILED, line(index)));
                case REFUSED -> notices.add(Notice.warning(Reason.INDEX_REFUSED, line(index)));
                case CONFLICT -> notices.add(Notice.warning(Reason.INDEX_CONFLICT, line(index)));
                default -> {}
            }
        }
        return bounded(notices);
    }

    /** After a look at hundreds of new indexes a person wants to know how many, not each. */
    private static List<Notice> bounded(List<Notice> notices) {
        if (notices.size() <= NAMED) {
            return notices;
        }
        List<Notice> first = new ArrayList<>(notices.subList(0, NAMED));
        Map<String, Notice> more = new LinkedHashMap<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        notices.subList(NAMED, notices.size()).forEach(each -> {
            more.putIfAbsent(each.reason(), each);
            counts.merge(each.reason(), 1, Integer::sum);
        });
        more.forEach(
                (reason, each) -> first.add(new Notice(each.severity(), reason, counts.get(reason) + " more indexes")));
        return first;
    }
}
