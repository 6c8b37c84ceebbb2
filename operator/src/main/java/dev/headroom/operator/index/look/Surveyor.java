package dev.headroom.operator.index.look;

import dev.headroom.insight.Name;
import dev.headroom.insight.PartitionTree;
import dev.headroom.insight.Structure;
import dev.headroom.operator.concern.ResourceId;
import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.IndexDeclaration;
import dev.headroom.operator.crd.IndexStatus.Origin;
import dev.headroom.operator.crd.IndexesSpec.ForeignKeys;
import dev.headroom.operator.index.plan.Desired;
import dev.headroom.operator.index.plan.Expectation;
import dev.headroom.operator.index.plan.ForeignKeyIndexes;
import dev.headroom.operator.index.plan.Foresight;
import dev.headroom.operator.index.plan.IndexPlanner;
import dev.headroom.operator.index.plan.Owner;
import dev.headroom.operator.index.plan.WantedIndex;
import dev.headroom.operator.index.plan.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Looks at a database with the eyes of one resource. */
public final class Surveyor {
    private final DbPerformanceSpec spec;
    private final Owner owner;
    private final Map<String, ResourceId> takenBy;
    private final Map<Name, ResourceId> declaredElsewhere;
    private final ShapeProbe probe;

    /** Both maps are those of the {@link dev.headroom.operator.concern.Pass}. */
    public Surveyor(
            DbPerformanceSpec spec,
            Owner owner,
            Map<String, ResourceId> takenBy,
            Map<Name, ResourceId> declaredElsewhere,
            ShapeProbe probe) {
        this.spec = spec;
        this.owner = owner;
        this.takenBy = takenBy;
        this.declaredElsewhere = declaredElsewhere;
        this.probe = probe;
    }

    public Survey survey(Connection connection) throws SQLException {
        Session.forLooking(connection);
        ServerFacts server = ServerFacts.read(connection);
        Set<String> schemas = schemas(connection);
        Structure structure = Structure.of(connection, schemas);
        World world = world(connection, schemas, structure);
        Wishes wishes = new Wishes(spec, takenBy, server, world.tables());
        List<Desired> desired =
                asked(connection, server, wishes.of(spec.indexes().declared(), Origin.DECLARED), world);
        if (spec.indexes().foreignKeys() == ForeignKeys.CREATE) {
            List<Desired> all = new ArrayList<>(desired);
            all.addAll(wishes.of(forKeys(structure, desired, world), Origin.FOREIGN_KEY));
            desired = asked(connection, server, all, world);
        }
        return new Survey(server, structure, world, desired, planner().plan(desired, world));
    }

    /** Seen from where the declared indexes will be there: they may serve some of the keys. */
    private List<IndexDeclaration> forKeys(Structure structure, List<Desired> desired, World world) {
        World then = Foresight.play(desired, world, planner()).end();
        return ForeignKeyIndexes.wanted(
                owner, new Structure(then.indexes(), structure.foreignKeys(), structure.partitions()));
    }

    public IndexPlanner planner() {
        return new IndexPlanner(owner, spec.indexes().removal(), declaredElsewhere);
    }

    /** Those of the spec, of the declarations, and those in which an index of ours lies from an earlier spec. */
    private Set<String> schemas(Connection connection) throws SQLException {
        Set<String> schemas = new LinkedHashSet<>(spec.database().schemas());
        spec.indexes().declared().stream()
                .map(IndexDeclaration::schema)
                .filter(Objects::nonNull)
                .forEach(schemas::add);
        schemas.addAll(Sql.list(connection, """
                select distinct n.nspname
                  from pg_description d
                  join pg_class c on c.oid = d.objoid and c.relkind in ('i', 'I')
                  join pg_namespace n on n.oid = c.relnamespace
                 where d.classoid = 'pg_class'::regclass and starts_with(d.description, ?)
                """, row -> row.getString(1), owner.commentPrefix()));
        return schemas;
    }

    private World world(Connection connection, Set<String> schemas, Structure structure) throws SQLException {
        List<String> names = Stream.concat(
                        spec.indexes().declared().stream().map(IndexDeclaration::name), Stream.of(""))
                .toList();
        return new World(
                Tables.of(connection, schemas),
                structure.indexes(),
                new PartitionTree(structure.partitions()),
                Tables.otherRelations(connection, schemas, names));
    }

    private List<Desired> asked(Connection connection, ServerFacts server, List<Desired> desired, World world)
            throws SQLException {
        List<WantedIndex> wanted = desired.stream()
                .filter(Desired.Placed.class::isInstance)
                .map(each -> ((Desired.Placed) each).wanted())
                .toList();
        Map<WantedIndex, Expectation> expected = probe.ask(connection, server, wanted, world.tables());
        return desired.stream().map(each -> each.expecting(expected)).toList();
    }
}
