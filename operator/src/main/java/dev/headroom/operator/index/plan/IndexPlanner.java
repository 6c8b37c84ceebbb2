package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.Partition;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.crd.IndexesSpec.Removal;
import dev.headroom.operator.index.plan.Decision.Act;
import dev.headroom.operator.index.plan.Decision.Await;
import dev.headroom.operator.index.plan.Decision.Later;
import dev.headroom.operator.index.plan.Decision.Retained;
import dev.headroom.operator.index.plan.Decision.Satisfied;
import dev.headroom.operator.index.plan.IndexPlan.Entry;
import java.util.ArrayList;
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

    /** @param declaredElsewhere the indexes that other resources declare, each with one that does */
    public IndexPlanner(Owner owner, Removal removal, Map<Name, ResourceId> declaredElsewhere) {
        this.owner = owner;
        this.removal = removal;
        this.declaredElsewhere = Map.copyOf(declaredElsewhere);
    }

    public IndexPlan plan(List<Desired> desired, World world) {
        DeclaredNames names = DeclaredNames.of(desired);
        List<Entry> wanted =
                desired.stream().map(each -> wanted(each, names, world)).toList();
        Set<Name> needed = new HashSet<>();
        Set<Name> unsettled = new HashSet<>();
        for (int i = 0; i < desired.size(); i++) {
            if (desired.get(i) instanceof Desired.Placed placed
                    && !(wanted.get(i).decision() instanceof Satisfied)) {
                unsettled.add(placed.wanted().table());
                if (wanted.get(i).decision() instanceof Act || wanted.get(i).decision() instanceof Await) {
                    needed.addAll(underConstruction(placed.wanted(), world));
                }
            }
        }
        List<Entry> entries = new ArrayList<>(wanted);
        for (Index index : world.indexes()) {
            disposal(index, names, needed, unsettled)
                    .map(decision -> withoutObstacle(decision, index, world))
                    .map(decision -> entry(names.forPeople(index.name()), index, decision))
                    .ifPresent(entries::add);
        }
        return new IndexPlan(entries);
    }

    /**
     * The names that are declared: each within the schema of its table. A declaration whose table is not known counts in
     * every schema, since it may turn out to be about any of them.
     */
    record DeclaredNames(Set<Name> placed, Set<String> unplaced) {
        static DeclaredNames of(List<Desired> desired) {
            Set<Name> placed = new HashSet<>();
            Set<String> unplaced = new HashSet<>();
            for (Desired each : desired) {
                switch (each) {
                    case Desired.Placed known -> placed.add(known.wanted().qualifiedName());
                    case Desired.Unplaced unknown -> unplaced.add(unknown.name());
                }
            }
            return new DeclaredNames(placed, unplaced);
        }

        boolean contains(Name index) {
            return placed.contains(index) || unplaced.contains(index.name());
        }

        /** The name alone says which index is meant, as long as it is not declared in another schema. */
        String forPeople(Name index) {
            boolean elsewhere = placed.stream().anyMatch(each -> each.name().equals(index.name()));
            return elsewhere ? index.toString() : index.name();
        }
    }

    private Entry wanted(Desired desired, DeclaredNames names, World world) {
        return switch (desired) {
            case Desired.Unplaced unplaced ->
                new Entry(unplaced.name(), unplaced.table(), unplaced.origin(), unplaced.decision());
            case Desired.Placed placed -> {
                WantedIndex index = placed.wanted();
                Decision decision = new WantedPlanner(owner, names, world, index).decide(placed.expectation());
                yield new Entry(index.name(), index.table().toString(), index.origin(), decision);
            }
        };
    }

    private Optional<Decision> disposal(Index index, DeclaredNames names, Set<Name> needed, Set<Name> unsettled) {
        String name = index.name().name();
        if (needed.contains(index.name()) || index.parent() != null) {
            return Optional.empty();
        }
        if (Names.isUnderConstruction(owner.uid(), name)) {
            return Optional.of(
                    !index.state().usable() && index.state().changing()
                            ? new Act(new Step.Cancel(index, "nobody wants it any more"))
                            : new Act(new Step.Drop(index, "leftover of a build that nobody wants any more")));
        }
        if (!owner.owns(index) || names.contains(index.name())) {
            return Optional.empty();
        }
        return Optional.of(Names.isRetired(owner.uid(), name) ? replaced(index) : undeclared(index, unsettled));
    }

    private static Decision replaced(Index index) {
        return !index.state().usable() && index.state().changing()
                ? new Await(index, "it is being dropped")
                : new Act(new Step.Drop(index, "it was replaced"));
    }

    /** An INVALID one serves nobody and costs every write, so it goes even where valid ones are retained. */
    private Decision undeclared(Index index, Set<Name> unsettled) {
        if (!index.state().usable()) {
            return index.state().changing()
                    ? new Await(index, "it is being built or dropped by someone else")
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

    private static Decision withoutObstacle(Decision decision, Index index, World world) {
        TableFacts table = world.tables().get(index.table());
        return decision instanceof Act && table != null && table.obstacle() != null
                ? new Decision.Refused(table.obstacle())
                : decision;
    }

    private static Entry entry(String name, Index index, Decision decision) {
        return new Entry(name, index.table().toString(), Origin.REMOVED, decision);
    }

    private Set<Name> underConstruction(WantedIndex wanted, World world) {
        Set<Name> names = new HashSet<>();
        collect(wanted, wanted.table(), world, names);
        return names;
    }

    private void collect(WantedIndex wanted, Name table, World world, Set<Name> names) {
        names.add(new Name(table.schema(), Names.underConstruction(owner.uid(), wanted, table.name())));
        for (Partition partition : world.partitions().children(table)) {
            collect(wanted, partition.table(), world, names);
        }
    }
}
