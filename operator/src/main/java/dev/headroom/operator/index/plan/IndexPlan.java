package dev.headroom.operator.index.plan;

import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.index.plan.Decision.Act;
import java.util.List;
import java.util.Optional;

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
}
