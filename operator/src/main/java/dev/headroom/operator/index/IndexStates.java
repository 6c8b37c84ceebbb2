package dev.headroom.operator.index;

import dev.headroom.insight.Index;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.index.build.Attempts;
import dev.headroom.operator.index.build.IndexWork.Live;
import dev.headroom.operator.index.build.Outcome;
import dev.headroom.operator.index.look.BuildProgress;
import dev.headroom.operator.index.plan.IndexPlan.Decision;
import dev.headroom.operator.index.plan.IndexPlan.Decision.Await.Change;
import dev.headroom.operator.index.plan.IndexPlan.Entry;
import dev.headroom.operator.index.plan.Step;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the status says about each index: its decision, and for what is to be done how far that is.
 *
 * @param acting false in Observe
 * @param blindness the GRANT without which others' transactions cannot be seen
 * @param elsewhere how far builds are that the server goes on with although their client is gone, by the index's oid
 */
record IndexStates(
        boolean acting,
        Map<String, List<String>> statements,
        Attempts attempts,
        Optional<Live> live,
        Map<Long, BuildProgress> elsewhere,
        Optional<String> blindness) {
    private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB"};

    IndexStatus of(Entry entry) {
        return switch (entry.decision()) {
            case Decision.Satisfied satisfied -> there(entry, State.VALID, satisfied.by(), satisfied.note());
            case Decision.Retained retained ->
                there(
                        entry,
                        State.RETAINED,
                        retained.index(),
                        "No longer declared, and kept because indexes.removal is Retain.");
            case Decision.Await await -> awaited(entry, await);
            case Decision.Later later -> status(entry, State.BLOCKED, null, later.on(), null);
            case Decision.TableMissing missing ->
                status(
                        entry,
                        State.TABLE_MISSING,
                        null,
                        "the table " + missing.table() + ", which does not exist yet in "
                                + String.join(", ", missing.schemas()),
                        null);
            case Decision.Refused refused -> status(entry, State.REFUSED, null, null, refused.why());
            case Decision.Conflict conflict -> status(entry, State.CONFLICT, null, null, conflict.why());
            case Decision.Act act -> toDo(entry, act.step());
        };
    }

    private IndexStatus toDo(Entry entry, Step step) {
        if (!acting) {
            return status(entry, State.PENDING, null, null, why(step));
        }
        Optional<Live> now = live.filter(each -> each.index().equals(entry.key()));
        if (now.isPresent()) {
            return underWay(entry, now.get(), step);
        }
        return attempts.last(entry)
                .map(last -> tried(entry, last))
                .orElseGet(() -> status(entry, State.PENDING, null, null, why(step)));
    }

    private IndexStatus underWay(Entry entry, Live now, Step step) {
        BuildProgress progress = now.progress();
        String waitsFor = progress == null || progress.waitsFor() == null ? null : "pid " + progress.waitsFor();
        return status(
                entry,
                now.dropping() || step instanceof Step.Drop ? State.DROPPING : State.BUILDING,
                progress == null ? null : progress.text(),
                waitsFor,
                why(step));
    }

    private IndexStatus tried(Entry entry, Attempts.Attempt last) {
        return switch (last.outcome()) {
            case Outcome.Blocked blocked -> status(entry, State.BLOCKED, null, blocked.by(), null);
            case Outcome.Failed failed ->
                status(
                        entry,
                        failed.kind().needsAPerson() ? State.REFUSED : State.FAILED,
                        null,
                        null,
                        failed.message()
                                + (failed.kind().needsAPerson() ? "" : ". It is tried again.")
                                + toSee(failed));
            case Outcome.Done done -> status(entry, State.PENDING, null, null, null);
            case Outcome.Stopped stopped -> status(entry, State.PENDING, null, null, null);
        };
    }

    private String toSee(Outcome.Failed failed) {
        return failed.kind() == Outcome.Kind.WAITED_TOO_LONG && blindness.isPresent()
                ? " To see whose transactions: " + blindness.get()
                : "";
    }

    /**
     * The server builds or drops it. At the beginning and at the end of a build there is no progress to be seen, nor any of
     * another role's build without the right to see it: our own is none the less under way.
     */
    private IndexStatus awaited(Entry entry, Decision.Await await) {
        Optional<Live> ours = live.filter(each -> each.index().equals(entry.key()));
        boolean dropping = ours.isPresent() ? ours.get().dropping() : await.change() == Change.OUR_DROP;
        if (dropping) {
            return status(entry, State.DROPPING, null, null, null);
        }
        BuildProgress progress =
                ours.map(Live::progress).orElse(elsewhere.get(await.index().oid()));
        if (progress != null) {
            return status(entry, State.BUILDING, progress.text(), null, null);
        }
        String toSee = ours.isPresent()
                ? null
                : blindness.map(grant -> "To see how far it is: " + grant).orElse(null);
        return ours.isPresent() || await.change() == Change.OUR_BUILD
                ? status(entry, State.BUILDING, null, null, toSee)
                : status(
                        entry,
                        State.BLOCKED,
                        null,
                        await.index().name() + ": it is being built or dropped by someone else",
                        toSee);
    }

    private static @Nullable String why(Step step) {
        return switch (step) {
            case Step.Drop drop -> drop.why();
            case Step.Cancel cancel -> cancel.why();
            case Step.HandOver handOver -> "Handed over to " + handOver.to() + ", which declares it as well.";
            case Step.Rename rename
            when rename.before() != null && rename.before().isStrangers() ->
                "The index that has the name now is not ours: it is kept as "
                        + rename.before().to() + ".";
            default -> null;
        };
    }

    private IndexStatus there(Entry entry, State state, Index index, @Nullable String note) {
        return new IndexStatus(
                entry.name(),
                index.table().toString(),
                entry.origin(),
                state,
                null,
                null,
                size(index.bytes()),
                rounded(index.scans()),
                note,
                List.of());
    }

    private IndexStatus status(
            Entry entry, State state, @Nullable String progress, @Nullable String blockedBy, @Nullable String message) {
        Origin origin = entry.origin();
        List<String> sql = statements.getOrDefault(entry.key(), List.of());
        return new IndexStatus(
                entry.name(), entry.table(), origin, state, progress, blockedBy, null, null, message, sql);
    }

    /** Two digits: enough to judge by, and no write of the status for each page that is added. */
    static String size(long bytes) {
        double size = bytes;
        int unit = 0;
        while (size >= 1000 && unit < UNITS.length - 1) {
            size /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, size < 9.95 && unit > 0 ? "%.1f %s" : "%.0f %s", round(size), UNITS[unit]);
    }

    private static double round(double size) {
        return size < 100 ? size : Math.round(size / 10) * 10;
    }

    /** One digit, since each further scan would be a write of the status. */
    static long rounded(long scans) {
        long power = 1;
        while (scans / power >= 10) {
            power *= 10;
        }
        return scans / power * power;
    }
}
