package dev.headroom.operator.index;

import dev.headroom.insight.Index;
import dev.headroom.operator.concern.Pass;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.IndexesSpec;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeys;
import dev.headroom.operator.index.look.ShapeProbe;
import dev.headroom.operator.index.look.Sql;
import dev.headroom.operator.index.look.Survey;
import dev.headroom.operator.index.look.Surveyor;
import dev.headroom.operator.index.plan.Mark;
import dev.headroom.operator.index.plan.Owner;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * The good-bye of a resource: it declares nothing any more, so its plan drops what {@code removal} allows and whatever is
 * INVALID. What stays is marked as released, for whoever declares it next.
 */
final class Release {
    private final Owner owner;
    private final Surveyor surveyor;

    Release(Pass pass, Owner owner, ShapeProbe probe) {
        IndexesSpec indexes = pass.spec().indexes();
        IndexesSpec nothing = new IndexesSpec(List.of(), ForeignKeys.IGNORE, indexes.removal(), indexes.build());
        DbPerformanceSpec spec =
                new DbPerformanceSpec(pass.spec().mode(), pass.spec().database(), nothing);
        this.owner = owner;
        this.surveyor = new Surveyor(spec, owner, Map.of(), probe);
    }

    Surveyor surveyor() {
        return surveyor;
    }

    Survey survey(Connection connection) throws SQLException {
        return surveyor.survey(connection);
    }

    /** Says what was kept. */
    String unmark(Connection connection, Survey survey) throws SQLException {
        int kept = 0;
        for (Index index : survey.world().indexes()) {
            if (owner.owns(index)) {
                String comment =
                        Mark.read(index.comment()).orElseThrow().released().comment();
                Sql.run(
                        connection,
                        "COMMENT ON INDEX " + index.name().quoted() + " IS '" + comment.replace("'", "''") + "'");
                kept++;
            }
        }
        return kept == 0 ? "no index of ours is left" : kept + " indexes stay as they are";
    }
}
