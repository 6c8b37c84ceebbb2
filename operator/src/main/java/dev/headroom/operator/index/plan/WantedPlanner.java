package dev.headroom.operator.index.plan;

import static java.util.stream.Collectors.toSet;

import dev.headroom.insight.Index;
import dev.headroom.insight.Index.IndexKey;
import dev.headroom.insight.Name;
import dev.headroom.operator.index.plan.DatabaseState.TableFacts;
import dev.headroom.operator.index.plan.Desired.Expectation;
import dev.headroom.operator.index.plan.Desired.Expectation.Known;
import dev.headroom.operator.index.plan.IndexPlan.Decision;
import dev.headroom.operator.index.plan.IndexPlan.Decision.Act;
import dev.headroom.operator.index.plan.IndexPlan.Decision.Await;
import dev.headroom.operator.index.plan.IndexPlan.Decision.Conflict;
import dev.headroom.operator.index.plan.IndexPlan.Decision.Refused;
import dev.headroom.operator.index.plan.IndexPlan.Decision.Satisfied;
import dev.headroom.operator.index.plan.IndexPlanner.DeclaredNames;
import dev.headroom.operator.index.plan.Owner.Mark;
import dev.headroom.operator.index.plan.Step.MakingWay;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    private final DatabaseState state;
    private final WantedIndex wanted;
    private final Mark mark;
    private @Nullable PartitionPlanner partitions;

    WantedPlanner(Owner owner, DeclaredNames declaredNames, DatabaseState state, WantedIndex wanted) {
        this.owner = owner;
        this.declaredNames = declaredNames;
        this.state = state;
        this.wanted = wanted;
        this.mark = Mark.of(owner, wanted);
    }

    Decision decide(Expectation expectation) {
        Decision decision = switch (expectation) {
            case Expectation.Rejected rejected -> new Refused(rejected.why());
            case Expectation.Unknown unknown -> withoutComparing(unknown);
            case Known known -> compare(known);
        };
        TableFacts table = state.table(wanted.table());
        return decision instanceof Act && table != null && table.obstacle() != null
                ? new Refused(table.obstacle())
                : decision;
    }

    /** Our own mark says what it was built from; of a stranger's index nothing can be said. */
    private Decision withoutComparing(Expectation.Unknown unknown) {
        return state.index(wanted.qualifiedName())
                .filter(index -> owner.owns(index) && index.state().usable())
                .filter(index -> Mark.read(index.comment())
                        .filter(found -> found.definition().equals(this.mark.definition()))
                        .isPresent())
                .<Decision>map(index -> new Satisfied(index, "Not compared with the declaration: " + unknown.why()))
                .orElseGet(() -> new Refused(unknown.why()));
    }

    private Decision compare(Known known) {
        Name name = wanted.qualifiedName();
        Optional<Index> named = state.index(name);
        if (named.isEmpty()) {
            String other = state.otherRelation(name);
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
        return state.equalTo(wanted.table(), known)
                .filter(index -> index.state().usable()
                        && !Names.isTransient(index.name().name()))
                .findFirst()
                .map(this::twin)
                .orElseGet(() -> build(known, null));
    }

    /** The same index under another name: renamed where that is a rename in the declaration, else good enough. */
    private Decision twin(Index twin) {
        boolean renamed = owner.owns(twin) && !declaredNames.contains(twin.name()) && twin.parent() == null;
        return renamed
                ? new Act(new Step.Rename(wanted, twin, null, mark))
                : new Satisfied(
                        twin,
                        "Served by " + twin.name()
                                + ", which has the same definition; another one would only cost writes.");
    }

    private Decision asDeclared(Known known, Index there) {
        if (there.state().usable()) {
            return owner.shouldClaim(there)
                    ? new Act(new Step.Claim(there, mark))
                    : new Satisfied(there, owner.owns(there) ? null : notOurs(there));
        }
        Optional<String> other = owner.otherOwner(there);
        if (there.state().changing()) {
            return new Await(there, Await.Change.SOMEBODY_ELSES);
        }
        if (other.isPresent()) {
            return new Conflict("INVALID, and it belongs to " + other.get() + ", which will see to it");
        }
        return there.partitioned()
                ? build(known, makeWay(there))
                : new Act(new Step.Drop(there, "INVALID leftover under the declared name"));
    }

    private String notOurs(Index there) {
        return owner.otherOwner(there).map(other -> "Belongs to " + other).orElse("Was here before")
                + "; it will never be dropped.";
    }

    private Decision different(Known known, Index there) {
        Optional<String> other = owner.otherOwner(there);
        if (other.isPresent()) {
            return new Conflict("it belongs to " + other.get() + ", which wants " + there.definition()
                    + ". If that resource is gone for good, spec.indexes.adopt: Always takes it over");
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
            return new Await(there, Await.Change.SOMEBODY_ELSES);
        }
        boolean ours = owner.mayTake(there);
        return ours && !there.state().usable() && !there.partitioned()
                ? new Act(new Step.Drop(there, "INVALID leftover of another definition"))
                : build(known, makeWay(there));
    }

    private MakingWay makeWay(Index there) {
        boolean ours = owner.mayTake(there);
        return new MakingWay(
                there,
                ours
                        ? Names.retired(owner, there.oid())
                        : Names.setAside(there.name().name(), there.oid()),
                !ours);
    }

    private Decision build(Known known, @Nullable MakingWay before) {
        TableFacts table = state.table(wanted.table());
        if (table != null && table.partitioned()) {
            Optional<Decision> refused = refusedAsUnique(known, wanted.table());
            if (refused.isPresent()) {
                return refused.get();
            }
            if (partitions == null) {
                partitions = new PartitionPlanner(owner, state, wanted, mark);
            }
            return partitions.next(known, before);
        }
        String as = Names.underConstruction(owner, wanted, wanted.table().name());
        Optional<Index> fresh = state.index(new Name(wanted.table().schema(), as));
        if (fresh.isEmpty()) {
            return new Act(new Step.Build(wanted, as, wanted.table()));
        }
        return leftover(known, fresh.get())
                .orElseGet(() -> new Act(new Step.Rename(wanted, fresh.get(), before, mark)));
    }

    /** PostgreSQL makes an index over partitions unique only if no two partitions can have the same key. */
    private Optional<Decision> refusedAsUnique(Known known, Name table) {
        TableFacts facts = state.table(table);
        if (!known.unique() || facts == null || !facts.partitioned()) {
            return Optional.empty();
        }
        Set<@Nullable String> keys =
                known.shape().keys().stream().map(IndexKey::column).collect(toSet());
        List<String> missing = facts.partitionKey().stream()
                .filter(each -> !keys.contains(each))
                .toList();
        if (!missing.isEmpty()) {
            return Optional.of(new Refused("a unique index on the partitioned table " + table
                    + " must have all columns of its partition key, and " + String.join(", ", missing)
                    + " is missing: add it to the keys, or declare a unique index for each partition"));
        }
        return state.partitions().children(table).stream()
                .flatMap(child -> refusedAsUnique(known, child.table()).stream())
                .findFirst();
    }

    /** What to do about an index under construction that cannot be used as it is. */
    static Optional<Decision> leftover(Known known, Index fresh) {
        if (!fresh.state().usable()) {
            return Optional.of(
                    fresh.state().changing()
                            ? new Await(fresh, Await.Change.OUR_BUILD)
                            : new Act(new Step.Drop(fresh, "INVALID leftover of a build")));
        }
        return known.isMetBy(fresh)
                ? Optional.empty()
                : Optional.of(new Act(new Step.Drop(fresh, "the table changed since it was built")));
    }
}
