package dev.headroom.operator.concern;

import dev.headroom.insight.Name;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.database.DatabaseAccess;
import java.time.Clock;
import java.util.Map;
import java.util.Set;

/**
 * What a concern is given for one look at one resource.
 *
 * @param mode the mode in force: Observe also while the resource is paused, whatever the spec says. Work under way is
 *     stopped by the first pass in Observe
 * @param takenBy the names of the declared indexes that another, earlier resource on the same database declares too,
 *     with that resource: they are its business, here they are a conflict
 * @param declaredElsewhere the indexes that other resources on the same database declare, each with one that does: an index
 *     among them goes on serving when this resource has no more use for it
 * @param existing the resources of this cluster that the operator knows of, as namespace/name: what others of this cluster left
 *     in a database may be taken over, what these have may not
 * @param progress called, from any thread, when a pass would find something new
 */
public record Pass(
        ResourceId id,
        DbPerformanceSpec spec,
        Mode mode,
        DatabaseAccess database,
        Map<String, ResourceId> takenBy,
        Map<Name, ResourceId> declaredElsewhere,
        Set<String> existing,
        Clock clock,
        Progress progress) {

    public boolean mayAct() {
        return mode == Mode.APPLY;
    }

    /** Asks for another pass soon: a build went on, or ended. */
    public interface Progress {
        void moved();
    }
}
