package dev.headroom.operator.index.look;

import dev.headroom.insight.Name;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.IndexDeclaration;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.index.plan.Decision;
import dev.headroom.operator.index.plan.Desired;
import dev.headroom.operator.index.plan.TableFacts;
import dev.headroom.operator.index.plan.Undeclarable;
import dev.headroom.operator.index.plan.WantedIndex;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the table of each declaration, or says why it cannot be placed. */
record Declarations(
        DbPerformanceSpec spec,
        Map<IndexDeclaration, ResourceId> takenBy,
        ServerFacts server,
        Map<Name, TableFacts> tables) {

    List<Desired> placed(List<IndexDeclaration> declared, Origin origin) {
        Set<Name> placed = new HashSet<>();
        return declared.stream()
                .map(each -> {
                    Desired desired = placed(each, origin);
                    return desired instanceof Desired.Placed known
                                    && !placed.add(known.wanted().qualifiedName())
                            ? unplaced(
                                    each, origin, new Decision.Refused("declared twice, with its schema and without"))
                            : desired;
                })
                .toList();
    }

    private Desired placed(IndexDeclaration declared, Origin origin) {
        ResourceId other = takenBy.get(declared);
        if (other != null && origin == Origin.DECLARED) {
            return unplaced(declared, origin, new Decision.Conflict("declared by " + other + " too, which was first"));
        }
        if (declared.nullsNotDistinct() && !server.knowsNullsNotDistinct()) {
            return unplaced(declared, origin, new Decision.Refused("nullsNotDistinct needs PostgreSQL 15 or later"));
        }
        List<String> schemas = declared.schema() == null ? spec.database().schemas() : List.of(declared.schema());
        for (String schema : schemas) {
            TableFacts table = tables.get(new Name(schema, declared.table()));
            if (table != null) {
                return onTable(declared, table, origin);
            }
        }
        return unplaced(declared, origin, new Decision.TableMissing(declared.table(), schemas));
    }

    private static Desired onTable(IndexDeclaration declared, TableFacts table, Origin origin) {
        try {
            return Desired.Placed.unasked(WantedIndex.of(declared, table.name(), origin));
        } catch (Undeclarable e) {
            return unplaced(declared, origin, new Decision.Refused(String.valueOf(e.getMessage())));
        }
    }

    private static Desired unplaced(IndexDeclaration declared, Origin origin, Decision decision) {
        return new Desired.Unplaced(declared.name(), declared.table(), origin, decision);
    }
}
