package dev.headroom.operator.index.look;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.PartitionTree;
import dev.headroom.insight.Rows;
import dev.headroom.insight.Structure;
import dev.headroom.insight.UsageSnapshot;
import dev.headroom.operator.index.plan.DatabaseState;
import dev.headroom.operator.index.plan.DatabaseState.TableFacts;
import dev.headroom.operator.index.plan.Owner.Mark;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a look reads of a database, whichever resource it is for. It does not change, so several looks may share it.
 *
 * @param otherRelations names that an index cannot have, with what has them
 * @param elsewhere the marked indexes outside of the schemas that were read
 * @param builds how far builds are, by the index's oid
 */
public record Catalog(
        Set<String> schemas,
        ServerFacts server,
        Structure structure,
        Map<Name, TableFacts> tables,
        Map<Name, String> otherRelations,
        Map<Name, Mark> elsewhere,
        UsageSnapshot usage,
        Map<Long, BuildProgress> builds) {

    static Catalog read(Connection connection, Set<String> schemas) throws SQLException {
        Session.forLooking(connection);
        return read(connection, schemas, ServerFacts.read(connection), List.of(), null);
    }

    /** As it is now, a moment later. A server that is another one, or was started anew, is read as a whole. */
    Catalog again(Connection connection) throws SQLException {
        Session.forLooking(connection);
        ServerFacts now = ServerFacts.read(connection);
        return now.equals(server)
                ? read(connection, schemas, now, structure.indexes(), usage)
                : read(connection, schemas, now, List.of(), null);
    }

    /** Of a server that is refused nothing but the facts are read: its catalogs may be others. */
    private static Catalog read(
            Connection connection,
            Set<String> schemas,
            ServerFacts server,
            List<Index> known,
            @Nullable UsageSnapshot usage)
            throws SQLException {
        return server.refusal().isPresent()
                ? new Catalog(
                        schemas,
                        server,
                        new Structure(List.of(), List.of(), List.of()),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        new UsageSnapshot(Instant.EPOCH, null, Map.of()),
                        Map.of())
                : new Catalog(
                        schemas,
                        server,
                        Structure.of(connection, schemas, known),
                        Tables.of(connection, schemas),
                        Tables.otherRelations(connection, schemas),
                        marks(connection, schemas),
                        usage == null ? UsageSnapshot.of(connection, schemas) : usage,
                        BuildProgress.all(connection));
    }

    /** The indexes with a mark, in whatever state, outside of these schemas. */
    public static Map<Name, Mark> marks(Connection connection, Collection<String> outside) throws SQLException {
        Map<Name, Mark> marks = new LinkedHashMap<>();
        Rows.list(
                        connection,
                        """
                        select n.nspname, c.relname, d.description
                          from pg_description d
                          join pg_class c on c.oid = d.objoid and c.relkind in ('i', 'I')
                          join pg_namespace n on n.oid = c.relnamespace
                         where d.classoid = 'pg_class'::regclass and d.objsubid = 0
                           and starts_with(d.description, ?) and n.nspname <> all (?)
                         order by 1, 2
                        """,
                        row -> Map.entry(new Name(row.getString(1), row.getString(2)), row.getString(3)),
                        Mark.PREFIX,
                        List.copyOf(outside))
                .forEach(each -> Mark.read(each.getValue()).ifPresent(mark -> marks.put(each.getKey(), mark)));
        return marks;
    }

    DatabaseState state() {
        return new DatabaseState(
                tables, structure.indexes(), new PartitionTree(structure.partitions()), otherRelations);
    }
}
