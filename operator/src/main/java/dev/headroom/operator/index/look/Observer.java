package dev.headroom.operator.index.look;

import dev.headroom.insight.Index;
import dev.headroom.insight.Indexes;
import dev.headroom.insight.Name;
import dev.headroom.insight.Structure;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.IndexDeclaration;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeysSpec;
import dev.headroom.operator.database.DatabaseAccess;
import dev.headroom.operator.index.look.Catalog.Tables;
import dev.headroom.operator.index.look.LookSessions.Sessions;
import dev.headroom.operator.index.plan.DatabaseState;
import dev.headroom.operator.index.plan.DatabaseState.TableFacts;
import dev.headroom.operator.index.plan.Desired;
import dev.headroom.operator.index.plan.Desired.Expectation;
import dev.headroom.operator.index.plan.Desired.Placed;
import dev.headroom.operator.index.plan.ForeignKeyIndexes;
import dev.headroom.operator.index.plan.IndexPlan;
import dev.headroom.operator.index.plan.IndexPlan.Decision;
import dev.headroom.operator.index.plan.IndexPlan.Entry;
import dev.headroom.operator.index.plan.IndexPlanner;
import dev.headroom.operator.index.plan.Owner;
import dev.headroom.operator.index.plan.Simulation;
import dev.headroom.operator.index.plan.WantedIndex;
import dev.headroom.operator.index.plan.WantedIndex.Undeclarable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
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
     * What is to be done about an index now. The tables that the step changes are looked at again, and the state is brought up to date
     * with them: the decision rests on nothing else that could have changed. The indexes that the decision is about are read as they
     * are; the others on the tables only if one of them has changed, came or went.
     *
     * @param index the index as an earlier plan of this observation had it
     */
    public Optional<Entry> again(Connection connection, Observation seen, Entry index, Set<Name> tables)
            throws SQLException {
        DatabaseState state = seen.state();
        Optional<Placed> wanted = seen.planner().wanted(index);
        Set<Name> names = seen.planner().names(index, tables);
        state.updateTables(tables, Tables.of(connection, tables));
        state.updateNames(names, Indexes.named(connection, names), Tables.otherRelations(connection, names));
        List<Index> known = tables.stream()
                .flatMap(table -> state.indexesOn(table).stream())
                .toList();
        if (Indexes.fingerprint(connection, tables) != Indexes.fingerprint(known.stream())) {
            state.updateIndexes(tables, Indexes.onTables(connection, tables, known));
        }
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

    /** What was found in a database at one moment, and the plan that follows from it. */
    public record Observation(
            ServerFacts server, Structure structure, DatabaseState state, IndexPlanner planner, IndexPlan plan) {

        /** The same with a state of its own, for another thread. */
        public Observation copy() {
            return new Observation(server, structure, state.copy(), planner, plan);
        }
    }

    /** Finds the table of each declaration, or says why it cannot be placed. */
    private record Declarations(
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
                                        each,
                                        origin,
                                        new Decision.Refused("declared twice, with its schema and without"))
                                : desired;
                    })
                    .toList();
        }

        private Desired placed(IndexDeclaration declared, Origin origin) {
            ResourceId other = takenBy.get(declared);
            if (other != null && origin == Origin.DECLARED) {
                return unplaced(
                        declared, origin, new Decision.Conflict("declared by " + other + " too, which was first"));
            }
            if (declared.nullsNotDistinct() && !server.knowsNullsNotDistinct()) {
                return unplaced(
                        declared, origin, new Decision.Refused("nullsNotDistinct needs PostgreSQL 15 or later"));
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
}
