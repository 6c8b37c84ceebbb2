package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.operator.index.plan.Owner.Mark;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing done to the database. Each is small enough that whatever interrupts it leaves a state from which the next
 * look decides anew; nothing else remembers how far a job got.
 */
public sealed interface Step {

    /** The table whose index it changes. */
    Name table();

    /** The tables whose locks it needs: of a part of a partitioned index also the one that the index is declared on. */
    default Set<Name> tables() {
        return Set.of(table());
    }

    /** Its statements. More than one run in one transaction. */
    List<String> sql();

    /** True for what takes long and cannot stand in a transaction; the others are over in milliseconds. */
    default boolean concurrent() {
        return false;
    }

    /** A step about one index that is there. */
    sealed interface OnIndex extends Step {
        Index index();

        @Override
        default Name table() {
            return index().table();
        }
    }

    /** Builds it under a name of its own, while reads and writes go on. */
    record Build(WantedIndex wanted, String as, Name table) implements Step {
        @Override
        public Set<Name> tables() {
            return both(wanted.table(), table);
        }

        @Override
        public List<String> sql() {
            return List.of(wanted.createConcurrently(as, table));
        }

        @Override
        public boolean concurrent() {
            return true;
        }
    }

    /** The empty frame of a partitioned index: INVALID until each partition has attached its part. */
    record BuildFrame(WantedIndex wanted, String as, Name table, Mark mark) implements Step {
        @Override
        public Set<Name> tables() {
            return both(wanted.table(), table);
        }

        @Override
        public List<String> sql() {
            return List.of(wanted.createOnParentOnly(as, table), commentOn(new Name(table.schema(), as), mark));
        }
    }

    /** Makes the index of a partition a part of the partitioned index, under its final name. */
    record Attach(WantedIndex wanted, Name frame, Index part, String as, Mark mark) implements Step {
        @Override
        public Name table() {
            return part.table();
        }

        @Override
        public Set<Name> tables() {
            return both(wanted.table(), part.table());
        }

        @Override
        public List<String> sql() {
            Name renamed = new Name(part.name().schema(), as);
            return List.of(
                    rename(part.name(), as),
                    commentOn(renamed, mark),
                    "ALTER INDEX " + frame.quoted() + " ATTACH PARTITION " + renamed.quoted());
        }
    }

    /** Gives a valid index the declared name; one that has it until then makes way in the same transaction. */
    record Rename(WantedIndex wanted, Index fresh, @Nullable MakingWay before, Mark mark) implements Step {
        @Override
        public Name table() {
            return fresh.table();
        }

        @Override
        public List<String> sql() {
            List<String> sql = new ArrayList<>();
            if (before != null) {
                sql.add(rename(before.index().name(), before.to()));
                if (!before.isStrangers()) {
                    sql.add(commentOn(new Name(before.index().name().schema(), before.to()), mark));
                }
            }
            sql.add(rename(fresh.name(), wanted.name()));
            sql.add(commentOn(wanted.qualifiedName(), mark));
            return sql;
        }
    }

    /** Takes over an index that its former resource released or left behind, or writes our own mark anew. */
    record Claim(Index index, Mark mark) implements OnIndex {
        @Override
        public List<String> sql() {
            return List.of(commentOn(index.name(), mark));
        }
    }

    /** Lets go of an index that another resource declares as well, so that it goes on serving: {@code to} takes it over. */
    record HandOver(Index index, Mark mark, String to) implements OnIndex {
        @Override
        public List<String> sql() {
            return List.of(commentOn(index.name(), mark));
        }
    }

    /** Drops it. A partitioned index cannot be dropped concurrently; that takes milliseconds, under a short lock. */
    record Drop(Index index, String why) implements OnIndex {
        @Override
        public List<String> sql() {
            return List.of("DROP INDEX " + (concurrent() ? "CONCURRENTLY " : "")
                    + index.name().quoted());
        }

        @Override
        public boolean concurrent() {
            return !index.partitioned();
        }
    }

    /** Ends a build that the server goes on with although nobody wants its result any more. */
    record Cancel(Index index, String why) implements OnIndex {
        @Override
        public List<String> sql() {
            return List.of("SELECT pg_cancel_backend(pid) FROM pg_stat_progress_create_index WHERE index_relid = "
                    + index.oid());
        }
    }

    /** An index that leaves its name to another: ours (or released) to be dropped, a stranger's to be kept. */
    record MakingWay(Index index, String to, boolean isStrangers) {}

    private static Set<Name> both(Name declaredOn, Name changed) {
        Set<Name> tables = new LinkedHashSet<>();
        tables.add(declaredOn);
        tables.add(changed);
        return tables;
    }

    private static String rename(Name index, String to) {
        return "ALTER INDEX " + index.quoted() + " RENAME TO " + Names.quote(to);
    }

    private static String commentOn(Name index, Mark mark) {
        return "COMMENT ON INDEX " + index.quoted() + " IS " + Names.literal(mark.comment());
    }
}
