package dev.headroom.operator.crd;

import dev.headroom.operator.crd.DbPerformanceStatus.FindingStatus;
import dev.headroom.operator.crd.IndexStatus.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a status far below what etcd stores (1.5 MiB): beyond some number of indexes and findings, and beyond some length of
 * their texts, it says how much is not shown. {@code operator plan} prints all of it.
 */
public final class StatusLimits {
    static final int INDEXES = 200;
    static final int FINDINGS = 50;
    static final int STATEMENTS_OF_AN_INDEX = 10;
    /** All texts of the lists together. */
    static final int CHARACTERS = 200_000;

    static final int CHARACTERS_OF_A_TEXT = 1_000;
    private static final int CHARACTERS_OF_A_MESSAGE = 4_000;
    private static final String ELSEWHERE = "operator plan prints them";

    private static final String MORE = "-- and ";

    private int left = CHARACTERS;

    private StatusLimits() {}

    /** Shortens a status; the message of the condition IndexesReady says what was left out. */
    public static DbPerformanceStatus applied(DbPerformanceStatus whole) {
        StatusLimits limits = new StatusLimits();
        List<IndexStatus> indexes =
                mostTelling(whole.indexes()).stream().map(limits::index).toList();
        List<FindingStatus> findings =
                whole.findings().stream().limit(FINDINGS).map(limits::finding).toList();
        List<String> shown = new ArrayList<>();
        if (indexes.size() < whole.indexes().size()) {
            shown.add(indexes.size() + " of " + whole.indexes().size() + " indexes");
        }
        if (findings.size() < whole.findings().size()) {
            shown.add(findings.size() + " of " + whole.findings().size() + " findings");
        }
        String sentence = shown.isEmpty() ? "" : ". The status shows " + String.join(" and ", shown) + "; " + ELSEWHERE;
        List<Condition> conditions = whole.conditions().stream()
                .map(each -> new Condition(
                        each.type(),
                        each.status(),
                        each.reason(),
                        cut(each.message(), CHARACTERS_OF_A_MESSAGE)
                                + (each.type().equals(DbPerformanceStatus.INDEXES_READY) ? sentence : ""),
                        each.lastTransitionTime(),
                        each.observedGeneration()))
                .toList();
        return new DbPerformanceStatus(
                whole.observedGeneration(),
                conditions,
                whole.indexesWanted(),
                whole.indexesValid(),
                whole.blockedBy() == null ? null : cut(whole.blockedBy(), CHARACTERS_OF_A_TEXT),
                indexes,
                findings,
                whole.usage(),
                whole.capacity() == null ? null : capacity(whole.capacity()));
    }

    private static CapacityStatus capacity(CapacityStatus whole) {
        return new CapacityStatus(
                whole.replicas(),
                whole.readyReplicas(),
                whole.wantedReplicas(),
                whole.latencyMillis(),
                whole.samples(),
                whole.pool(),
                whole.decisions().stream()
                        .map(each ->
                                new CapacityStatus.Decision(each.time(), cut(each.sentence(), CHARACTERS_OF_A_TEXT)))
                        .toList(),
                whole.queries());
    }

    /** Those that are not valid before those that are; in their order. */
    private static List<IndexStatus> mostTelling(List<IndexStatus> indexes) {
        if (indexes.size() <= INDEXES) {
            return indexes;
        }
        Set<IndexStatus> kept = new HashSet<>(indexes.stream()
                .sorted(Comparator.comparing(each -> each.state() == State.VALID || each.state() == State.RETAINED))
                .limit(INDEXES)
                .toList());
        return indexes.stream().filter(kept::contains).limit(INDEXES).toList();
    }

    private IndexStatus index(IndexStatus whole) {
        return new IndexStatus(
                whole.name(),
                whole.table(),
                whole.origin(),
                whole.state(),
                whole.progress(),
                text(whole.blockedBy()),
                whole.size(),
                whole.scans(),
                text(whole.message()),
                statements(whole.sql()));
    }

    /** A statement stands there whole or not at all: half of one could mean something else. */
    private List<String> statements(List<String> sql) {
        List<String> shown = new ArrayList<>();
        for (String statement : sql) {
            if (statement.startsWith(MORE)) { // shortened before
                shown.add(statement);
                return shown;
            }
            if (shown.size() == STATEMENTS_OF_AN_INDEX || statement.length() > left) {
                shown.add(MORE + (sql.size() - shown.size()) + " more statements: " + ELSEWHERE);
                return shown;
            }
            left -= statement.length();
            shown.add(statement);
        }
        return shown;
    }

    private FindingStatus finding(FindingStatus whole) {
        return new FindingStatus(
                whole.kind(),
                whole.object(),
                whole.severity(),
                String.valueOf(text(whole.evidence())),
                suggestion(whole.suggestion()));
    }

    private @Nullable String suggestion(@Nullable String whole) {
        return whole == null || whole.length() <= Math.min(CHARACTERS_OF_A_TEXT, left)
                ? text(whole)
                : "-- " + whole.lines().count() + " lines: " + ELSEWHERE;
    }

    private @Nullable String text(@Nullable String whole) {
        if (whole == null) {
            return null;
        }
        String cut = cut(whole, Math.min(CHARACTERS_OF_A_TEXT, left));
        left -= Math.min(left, cut.length());
        return cut;
    }

    private static String cut(String text, int characters) {
        if (text.length() <= characters) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(Math.max(0, characters - 1))) ? characters - 1 : characters;
        return text.substring(0, Math.max(0, end)) + "…";
    }
}
