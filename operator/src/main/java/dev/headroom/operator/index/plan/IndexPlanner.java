package dev.headroom.operator.index.plan;

import static java.util.stream.Collectors.toSet;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.Partition;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.index.plan.DatabaseState.TableFacts;
import dev.headroom.operator.index.plan.Desired.Expectation;
import dev.headroom.operator.index.plan.IndexPlan.Decision;
import dev.headroom.operator.index.plan.IndexPlan.Decision.Act;
import dev.headroom.operator.index.plan.IndexPlan.Decision.Await;
import dev.headroom.operator.index.plan.IndexPlan.Decision.Later;
import dev.headroom.operator.index.plan.IndexPlan.Decision.Retained;
import dev.headroom.operator.index.plan.IndexPlan.Decision.Satisfied;
import dev.headroom.operator.index.plan.IndexPlan.Entry;
import dev.headroom.operator.index.plan.Owner.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The plan for one resource: what is wanted, then what was left over, then what is no longer wanted. */
public final class IndexPlanner {
    private final Owner owner;
    private final Removal removal;
    private final Map<Name, ResourceId> declaredElsewhere;
    private final List<Desired> desired;
    private final DeclaredNames names;
    private final Map<String, Desired.Placed> placed = new HashMap<>();

    /** @param declaredElsewhere the indexes that other resources declare, each with one that does */
    public IndexPlanner(Owner owner, Removal removal, Map<Name, ResourceId> declaredElsewhere, List<Desired> desired) {
        this.owner = owner;
        this.removal = removal;
        this.declaredElsewhere = Map.copyOf(declaredElsewhere);
        this.desired = List.copyOf(desired);
        this.names = DeclaredNames.of(desired);
        for (Desired each : desired) {
            if (each instanceof Desired.Placed known) {
                WantedIndex wanted = known.wanted();
                placed.put(IndexPlan.key(wanted.name(), wanted.table().toString()), known);
            }
        }
    }

    List<Desired> desired() {
        return desired;
    }

    /** The declaration that an entry of the plan is about; empty for an index that is no longer declared. */
    public Optional<Desired.Placed> wanted(Entry entry) {
        return Optional.ofNullable(placed.get(entry.key()));
    }

    /** The names that a decision about an index is about, while it is worked on: its own, and those under which it is built. */
    public Set<Name> names(Entry entry, Set<Name> tables) {
        Set<Name> all = new HashSet<>();
        wanted(entry).map(Desired.Placed::wanted).ifPresent(wanted -> {
            all.add(wanted.qualifiedName());
            tables.forEach(
                    table -> all.add(new Name(table.schema(), Names.underConstruction(owner, wanted, table.name()))));
        });
        entry.step()
                .filter(Step.OnIndex.class::isInstance)
                .ifPresent(step -> all.add(((Step.OnIndex) step).index().name()));
        return all;
    }

    /** One wanted index, on a state that may change between two questions. */
    public interface OneIndex {
        Entry next();
    }

    public OneIndex of(Desired wanted, DatabaseState state) {
        return switch (wanted) {
            case Desired.Unplaced unplaced ->
                () -> new Entry(unplaced.name(), unplaced.table(), unplaced.origin(), unplaced.decision());
            case Desired.Placed(WantedIndex index, Expectation expectation) -> {
                WantedPlanner planner = new WantedPlanner(owner, names, state, index);
                yield () ->
                        new Entry(index.name(), index.table().toString(), index.origin(), planner.decide(expectation));
            }
        };
    }

    public IndexPlan plan(DatabaseState state) {
        List<Entry> entries = new ArrayList<>();
        Set<Name> needed = new HashSet<>();
        Set<Name> unsettled = new HashSet<>();
        for (Desired each : desired) {
            Entry entry = of(each, state).next();
            entries.add(entry);
            if (each instanceof Desired.Placed placed && !(entry.decision() instanceof Satisfied)) {
                unsettled.add(placed.wanted().table());
                if (entry.decision() instanceof Act || entry.decision() instanceof Await) {
                    addUnderConstruction(placed.wanted(), placed.wanted().table(), state, needed);
                }
            }
        }
        for (Index index : state.indexes()) {
            disposal(index, needed, unsettled)
                    .map(decision -> withoutObstacle(decision, index, state))
                    .map(decision -> new Entry(
                            names.forPeople(index.name()), index.table().toString(), Origin.REMOVED, decision))
                    .ifPresent(entries::add);
        }
        return new IndexPlan(entries);
    }

    /**
     * The names that are declared: each within the schema of its table. A declaration whose table is not known counts in
     * every schema, since it may turn out to be about any of them.
     */
    record DeclaredNames(Set<Name> placed, Set<String> placedNames, Set<String> unplaced) {
        static DeclaredNames of(List<Desired> desired) {
            Set<Name> placed = new HashSet<>();
            Set<String> unplaced = new HashSet<>();
            for (Desired each : desired) {
                switch (each) {
                    case Desired.Placed known -> placed.add(known.wanted().qualifiedName());
                    case Desired.Unplaced unknown -> unplaced.add(unknown.name());
                }
            }
            return new DeclaredNames(placed, placed.stream().map(Name::name).collect(toSet()), unplaced);
        }

        boolean contains(Name index) {
            return placed.contains(index) || unplaced.contains(index.name());
        }

        /** The name alone says which index is meant, as long as it is not declared in another schema. */
        String forPeople(Name index) {
            return placedNames.contains(index.name()) ? index.toString() : index.name();
        }
    }

    private Optional<Decision> disposal(Index index, Set<Name> needed, Set<Name> unsettled) {
        String name = index.name().name();
        if (needed.contains(index.name()) || index.parent() != null) {
            return Optional.empty();
        }
        if (Names.isUnderConstruction(owner, name)) {
            return Optional.of(
                    !index.state().usable() && index.state().changing()
                            ? new Act(new Step.Cancel(index, "nobody wants it any more"))
                            : new Act(new Step.Drop(index, "leftover of a build that nobody wants any more")));
        }
        if (!owner.owns(index) || names.contains(index.name())) {
            return Optional.empty();
        }
        return Optional.of(Names.isRetired(owner, name) ? replaced(index) : undeclared(index, unsettled));
    }

    private static Decision replaced(Index index) {
        return !index.state().usable() && index.state().changing()
                ? new Await(index, Await.Change.OUR_DROP)
                : new Act(new Step.Drop(index, "it was replaced"));
    }

    /** An INVALID one serves nobody and costs every write, so it goes even where valid ones are retained. */
    private Decision undeclared(Index index, Set<Name> unsettled) {
        if (!index.state().usable()) {
            return index.state().changing()
                    ? new Await(index, Await.Change.SOMEBODY_ELSES)
                    : new Act(new Step.Drop(index, "INVALID, and no longer declared"));
        }
        ResourceId other = declaredElsewhere.get(index.name());
        if (other != null) {
            Mark released = Mark.read(index.comment()).orElseThrow().released();
            return new Act(new Step.HandOver(index, released, other.toString()));
        }
        if (removal == Removal.RETAIN) {
            return new Retained(index);
        }
        return unsettled.contains(index.table())
                ? new Later("the indexes that are still declared on " + index.table())
                : new Act(new Step.Drop(index, "no longer declared"));
    }

    private static Decision withoutObstacle(Decision decision, Index index, DatabaseState state) {
        TableFacts table = state.table(index.table());
        return decision instanceof Act && table != null && table.obstacle() != null
                ? new Decision.Refused(table.obstacle())
                : decision;
    }

    private void addUnderConstruction(WantedIndex wanted, Name table, DatabaseState state, Set<Name> names) {
        names.add(new Name(table.schema(), Names.underConstruction(owner, wanted, table.name())));
        for (Partition partition : state.partitions().children(table)) {
            addUnderConstruction(wanted, partition.table(), state, names);
        }
    }
}
