package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.operator.index.plan.Decision.Act;
import dev.headroom.operator.index.plan.Decision.Await;
import dev.headroom.operator.index.plan.Decision.Conflict;
import dev.headroom.operator.index.plan.Decision.Refused;
import dev.headroom.operator.index.plan.Decision.Satisfied;
import dev.headroom.operator.index.plan.Expectation.Known;
import dev.headroom.operator.index.plan.IndexPlanner.DeclaredNames;
import dev.headroom.operator.index.plan.Step.MakingWay;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The next step towards one wanted index; docs/decisions/0060 has the states and the races.
 *
 * <p>An index is built under a name of its own and gets the declared one only when it is valid. So whatever has the
 * declared name goes on serving queries until its successor can, and a failed build never stands in anyone's way.
 */
final class WantedPlanner {
    private final Owner owner;
    private final DeclaredNames declaredNames;
    private final World world;
    private final WantedIndex wanted;

    WantedPlanner(Owner owner, DeclaredNames declaredNames, World world, WantedIndex wanted) {
        this.owner = owner;
        this.declaredNames = declaredNames;
        this.world = world;
        this.wanted = wanted;
    }

    Decision decide(Expectation expectation) {
        Decision decision = switch (expectation) {
            case Expectation.Rejected rejected -> new Refused(rejected.why());
            case Expectation.Unknown unknown -> withoutComparing(unknown);
            case Known known -> compare(known);
        };
        TableFacts table = world.tables().get(wanted.table());
        return decision instanceof Act && table != null && table.obstacle() != null
                ? new Refused(table.obstacle())
                : decision;
    }

    /** Our own mark says what it was built from; of a stranger's index nothing can be said. */
    private Decision withoutComparing(Expectation.Unknown unknown) {
        return world.index(wanted.qualifiedName())
                .filter(index -> owner.owns(index) && index.state().usable())
                .filter(index -> Mark.read(index.comment())
                        .filter(mark -> mark.definition().equals(wanted.fingerprint()))
                        .isPresent())
                .<Decision>map(index -> new Satisfied(index, "Not compared with the declaration: " + unknown.why()))
                .orElseGet(() -> new Refused(unknown.why()));
    }

    private Decision compare(Known known) {
        Name name = wanted.qualifiedName();
        Optional<Index> named = world.index(name);
        if (named.isEmpty()) {
            String other = world.otherRelations().get(name);
            return other == null
                    ? absent(known)
                    : new Refused(name + " is the name of a " + other + ": declare the index under another name");
        }
        Index there = named.get();
        if (!there.table().equals(wanted.table())) {
            return new Refused(name + " is an index on " + there.table() + ": declare this one under another name");
        }
        return known.isMetBy(there) ? asDeclared(known, there) : different(known, there);
    }

    private Decision absent(Known known) {
        return world.on(wanted.table())
                .filter(index -> known.isMetBy(index)
                        && index.state().usable()
                        && !Names.isTransient(index.name().name()))
                .findFirst()
                .map(this::twin)
                .orElseGet(() -> build(known, null));
    }

    /** The same index under another name: renamed where that is a rename in the declaration, else good enough. */
    private Decision twin(Index twin) {
        boolean renamed = owner.owns(twin) && !declaredNames.contains(twin.name()) && twin.parent() == null;
        return renamed
                ? new Act(new Step.Rename(wanted, twin, null, Mark.of(owner, wanted)))
                : new Satisfied(
                        twin,
                        "Served by " + twin.name()
                                + ", which has the same definition; another one would only cost writes.");
    }

    private Decision asDeclared(Known known, Index there) {
        if (there.state().usable()) {
            return Owner.isReleased(there)
                    ? new Act(new Step.Claim(there, Mark.of(owner, wanted)))
                    : new Satisfied(there, owner.owns(there) ? null : "Was here before; it will never be dropped.");
        }
        Optional<String> other = owner.otherOwner(there);
        if (there.state().changing()) {
            return new Await(there, "it is being built or dropped by someone else");
        }
        if (other.isPresent()) {
            return new Conflict("INVALID, and it belongs to " + other.get() + ", which will see to it");
        }
        return there.partitioned()
                ? build(known, makeWay(there))
                : new Act(new Step.Drop(there, "INVALID leftover under the declared name"));
    }

    private Decision different(Known known, Index there) {
        Optional<String> other = owner.otherOwner(there);
        if (other.isPresent()) {
            return new Conflict("it belongs to " + other.get() + ", which wants " + there.definition()
                    + ". If that resource is gone for good: COMMENT ON INDEX "
                    + there.name().quoted() + " IS NULL");
        }
        if (there.role().constraint() != null) {
            return new Refused("it enforces the constraint " + there.role().constraint() + " and is "
                    + there.definition() + ": declare this one under another name");
        }
        if (there.role().replicaIdentity() || there.role().clustered()) {
            return new Refused("it is " + there.definition() + ", and the table "
                    + (there.role().replicaIdentity() ? "uses it as replica identity" : "is clustered on it")
                    + ": declare this one under another name");
        }
        if (!there.state().usable() && there.state().changing()) {
            return new Await(there, "it is being built or dropped by someone else");
        }
        boolean ours = owner.owns(there) || Owner.isReleased(there);
        return ours && !there.state().usable() && !there.partitioned()
                ? new Act(new Step.Drop(there, "INVALID leftover of another definition"))
                : build(known, makeWay(there));
    }

    private MakingWay makeWay(Index there) {
        boolean ours = owner.owns(there) || Owner.isReleased(there);
        return new MakingWay(
                there,
                ours
                        ? Names.retired(owner.uid(), there.oid())
                        : Names.setAside(there.name().name(), there.oid()),
                !ours);
    }

    private Decision build(Known known, @Nullable MakingWay before) {
        TableFacts table = world.tables().get(wanted.table());
        if (table != null && table.partitioned()) {
            return new PartitionPlanner(owner, world, wanted, known).next(before);
        }
        String as = Names.underConstruction(owner.uid(), wanted, wanted.table().name());
        Optional<Index> fresh = world.index(new Name(wanted.table().schema(), as));
        if (fresh.isEmpty()) {
            return new Act(new Step.Build(wanted, as, wanted.table()));
        }
        return leftover(known, fresh.get())
                .orElseGet(() -> new Act(new Step.Rename(wanted, fresh.get(), before, Mark.of(owner, wanted))));
    }

    /** What to do about an index under construction that cannot be used as it is. */
    static Optional<Decision> leftover(Known known, Index fresh) {
        if (!fresh.state().usable()) {
            return Optional.of(
                    fresh.state().changing()
                            ? new Await(fresh, "the server is still building it")
                            : new Act(new Step.Drop(fresh, "INVALID leftover of a build")));
        }
        return known.isMetBy(fresh)
                ? Optional.empty()
                : Optional.of(new Act(new Step.Drop(fresh, "the table changed since it was built")));
    }
}
