package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.index.plan.IndexPlan.Decision.Act;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is to be done next about each index, in the order in which it is to be done. */
public record IndexPlan(List<Entry> entries) {

    public IndexPlan {
        entries = List.copyOf(entries);
    }

    /** One index: {@code table} is for people, with its schema where that is known. */
    public record Entry(String name, String table, Origin origin, Decision decision) {

        public Optional<Step> step() {
            return decision instanceof Act act ? Optional.of(act.step()) : Optional.empty();
        }

        /** The same for every plan in which this index stands. */
        public String key() {
            return IndexPlan.key(name, table);
        }
    }

    static String key(String name, String table) {
        return name + " on " + table;
    }

    public Optional<Entry> entry(String key) {
        return entries.stream().filter(each -> each.key().equals(key)).findFirst();
    }

    public Optional<Entry> firstToDo() {
        return entries.stream().filter(each -> each.step().isPresent()).findFirst();
    }

    /** What is to be done next about one index. */
    public sealed interface Decision {

        /** Nothing: it is there, valid and as declared. {@code note} says what is worth knowing about it. */
        record Satisfied(Index by, @Nullable String note) implements Decision {}

        /** This step, now, if nothing blocks it. */
        record Act(Step step) implements Decision {}

        /** Nothing, as long as the server is changing that index. */
        record Await(Index index, Change change) implements Decision {

            /** What goes on; of ours also what a former process of ours began, and the server has not ended yet. */
            public enum Change {
                OUR_BUILD,
                OUR_DROP,
                SOMEBODY_ELSES
            }
        }

        /** Nothing, until what stands in {@code on} has happened. */
        record Later(String on) implements Decision {}

        /** Nothing, until somebody has created its table. */
        record TableMissing(String table, List<String> schemas) implements Decision {}

        /** Nothing, until a person changes something. */
        record Refused(String why) implements Decision {}

        /** Nothing: it is another resource's. */
        record Conflict(String why) implements Decision {}

        /** Nothing: it is ours, it is no longer declared, and it is to stay. */
        record Retained(Index index) implements Decision {}
    }
}
