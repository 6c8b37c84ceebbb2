package dev.headroom.operator.index.look;

import dev.headroom.insight.Indexes;
import dev.headroom.insight.Name;
import dev.headroom.insight.Structure;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.ForeignKeysSpec;
import dev.headroom.operator.crd.IndexDeclaration;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.index.plan.DatabaseState;
import dev.headroom.operator.index.plan.Desired;
import dev.headroom.operator.index.plan.Desired.Placed;
import dev.headroom.operator.index.plan.Expectation;
import dev.headroom.operator.index.plan.ForeignKeyIndexes;
import dev.headroom.operator.index.plan.IndexPlan.Entry;
import dev.headroom.operator.index.plan.IndexPlanner;
import dev.headroom.operator.index.plan.Owner;
import dev.headroom.operator.index.plan.Simulation;
import dev.headroom.operator.index.plan.WantedIndex;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a database for one resource and plans what is to be done about its indexes.
 */
public final class Observer {
    private final DbPerformanceSpec spec;
    private final Owner owner;
    private final Map<IndexDeclaration, ResourceId> takenBy;
    private final Map<Name, ResourceId> declaredElsewhere;
    private final ShapeProbe probe;

    /**
     * @param takenBy the declarations whose index belongs to another resource
     * @param declaredElsewhere the indexes that other resources on the database declare
     */
    public Observer(
            DbPerformanceSpec spec,
            Owner owner,
            Map<IndexDeclaration, ResourceId> takenBy,
            Map<Name, ResourceId> declaredElsewhere,
            ShapeProbe probe) {
        this.spec = spec;
        this.owner = owner;
        this.takenBy = takenBy;
        this.declaredElsewhere = declaredElsewhere;
        this.probe = probe;
    }

    /** The catalog of the schemas that this resource is about, also those where an index of it lies from an earlier spec. */
    public Catalog read(LookSessions sessions, DatabaseAccess database) throws SQLException {
        Catalog catalog = sessions.read(database, schemas());
        Set<String> all = withThoseOfMarks(catalog);
        return all.equals(catalog.schemas()) ? catalog : sessions.read(database, all);
    }

    private Catalog read(Connection connection) throws SQLException {
        Catalog catalog = Catalog.read(connection, schemas());
        Set<String> all = withThoseOfMarks(catalog);
        return all.equals(catalog.schemas()) ? catalog : Catalog.read(connection, all);
    }

    private Set<String> withThoseOfMarks(Catalog catalog) {
        Set<String> all = new LinkedHashSet<>(catalog.schemas());
        catalog.elsewhere().forEach((index, mark) -> {
            if (owner.isOurs(mark)) {
                all.add(index.schema());
            }
        });
        return all;
    }

    public boolean wantsTheSameAs(Observer other) {
        return spec.equals(other.spec)
                && owner.equals(other.owner)
                && takenBy.equals(other.takenBy)
                && declaredElsewhere.equals(other.declaredElsewhere);
    }

    /** Everything anew, on a session that is open. */
    public Observation observe(Connection connection) throws SQLException {
        return plan(read(connection), Sessions.of(connection));
    }

    /** The plan for what a look has read. The server is asked only what declarations mean that are new to it. */
    public Observation plan(Catalog catalog, Sessions sessions) throws SQLException {
        DatabaseState state = catalog.state();
        List<Desired> declared =
                compared(sessions, catalog.server(), state, spec.indexes().declared(), Origin.DECLARED);
        List<Desired> desired = new ArrayList<>(declared);
        if (spec.indexes().foreignKeys().policy() == ForeignKeysSpec.Policy.CREATE) {
            List<IndexDeclaration> forKeys = forForeignKeys(catalog.structure(), declared, state);
            desired.addAll(compared(sessions, catalog.server(), state, forKeys, Origin.FOREIGN_KEY));
        }
        probe.keepOnly(wanted(desired));
        IndexPlanner planner = planner(desired);
        return new Observation(catalog.server(), catalog.structure(), state, planner, planner.plan(state));
    }

    /** Seen from where the declared indexes will be there: they may serve some of the keys. */
    private List<IndexDeclaration> forForeignKeys(Structure structure, List<Desired> declared, DatabaseState state) {
        DatabaseState then = Simulation.play(planner(declared), state).end();
        return ForeignKeyIndexes.wanted(
                owner,
                new Structure(
                        then.indexes(),
                        ForeignKeyIndexes.considered(spec.indexes().foreignKeys(), structure.foreignKeys()),
                        structure.partitions()));
    }

    private IndexPlanner planner(List<Desired> desired) {
        return new IndexPlanner(owner, spec.indexes().removal(), declaredElsewhere, desired);
    }

    /**
     * What is to be done about an index now. Only the tables that the step changes are read again, and the state is brought up to
     * date with them: the decision rests on nothing else that could have changed.
     *
     * @param index the index as an earlier plan of this observation had it
     */
    public Optional<Entry> again(Connection connection, Observation seen, Entry index, Set<Name> tables)
            throws SQLException {
        DatabaseState state = seen.state();
        Optional<Placed> wanted = seen.planner().wanted(index);
        Name name = wanted.map(each -> each.wanted().qualifiedName()).orElse(null);
        Map<Name, String> others = name == null ? Map.of() : Tables.otherRelations(connection, name);
        state.update(tables, Tables.of(connection, tables), name, Indexes.of(connection, tables, name), others);
        if (wanted.isEmpty()) {
            return seen.planner().plan(state).entry(index.key());
        }
        Placed placed = wanted.get();
        Map<WantedIndex, Expectation> expected =
                probe.ask(Sessions.of(connection), seen.server(), List.of(placed.wanted()), state.tables());
        return Optional.of(seen.planner().of(placed.expecting(expected), state).next());
    }

    /** Those of the spec and of the declarations. */
    private Set<String> schemas() {
        Set<String> schemas = new LinkedHashSet<>(spec.database().schemas());
        spec.indexes().declared().stream()
                .map(IndexDeclaration::schema)
                .filter(Objects::nonNull)
                .forEach(schemas::add);
        return schemas;
    }

    private List<Desired> compared(
            Sessions sessions, ServerFacts server, DatabaseState state, List<IndexDeclaration> declared, Origin origin)
            throws SQLException {
        List<Desired> desired = new Declarations(spec, takenBy, server, state.tables()).placed(declared, origin);
        Map<WantedIndex, Expectation> expected = probe.ask(sessions, server, wanted(desired), state.tables());
        return desired.stream().map(each -> each.expecting(expected)).toList();
    }

    private static List<WantedIndex> wanted(List<Desired> desired) {
        return desired.stream()
                .filter(Placed.class::isInstance)
                .map(each -> ((Placed) each).wanted())
                .toList();
    }
}
