package dev.headroom.operator.index;

import dev.headroom.insight.Name;
import dev.headroom.insight.Rows;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.IndexesSpec;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeysSpec;
import dev.headroom.operator.index.look.Catalog;
import dev.headroom.operator.index.look.Observer;
import dev.headroom.operator.index.look.ShapeProbe;
import dev.headroom.operator.index.plan.Owner;
import dev.headroom.operator.index.plan.Owner.Mark;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Cleans up after a resource that is being deleted: it declares nothing any more, so its plan drops what {@code removal} allows
 * and whatever is INVALID. What stays is marked as released, for whoever declares it next.
 */
final class IndexCleanup {
    private final Owner owner;
    private final Observer observer;

    IndexCleanup(Pass pass, Owner owner, ShapeProbe probe) {
        IndexesSpec indexes = pass.spec().indexes();
        IndexesSpec nothing = new IndexesSpec(
                indexes.mode(), List.of(), ForeignKeysSpec.IGNORE, indexes.removal(), indexes.adopt(), indexes.build());
        DbPerformanceSpec spec =
                new DbPerformanceSpec(pass.spec().mode(), pass.spec().database(), nothing);
        this.owner = owner;
        this.observer = new Observer(spec, owner, Map.of(), IndexClaims.of(pass).elsewhere(), probe);
    }

    Observer observer() {
        return observer;
    }

    /**
     * Marks every index of the resource as released. Nothing else would ever change the mark of a resource that is gone. Says how
     * many were kept.
     */
    String unmark(Connection connection) throws SQLException {
        Map<Name, Mark> kept = Catalog.marks(connection, List.of());
        kept.values().removeIf(mark -> !owner.isOurs(mark));
        List<String> failures = new ArrayList<>();
        for (Map.Entry<Name, Mark> each : kept.entrySet()) {
            String comment = each.getValue().released().comment().replace("'", "''");
            try {
                Rows.run(connection, "COMMENT ON INDEX " + each.getKey().quoted() + " IS '" + comment + "'");
            } catch (SQLException e) { // the others are given back all the same
                if (connection.isClosed()) {
                    throw e;
                }
                failures.add(each.getKey() + ": " + e.getMessage());
            }
        }
        String stay = kept.isEmpty() ? "no index of ours is left" : kept.size() + " indexes stay as they are";
        return failures.isEmpty()
                ? stay
                : stay + "; the marks of these could not be changed: " + String.join("; ", failures);
    }
}
