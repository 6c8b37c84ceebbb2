package dev.headroom.insight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.insight.Index.IndexKey;
import dev.headroom.insight.Index.IndexRole;
import dev.headroom.insight.Index.IndexShape;
import dev.headroom.insight.Index.IndexState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexesTest {
    private static final Name T = new Name("s", "t");

    private Db db;
    private Connection connection;

    @BeforeEach
    void connect() throws SQLException {
        db = new Db("create schema s", "create table s.t (id int primary key, a int, \"B b\" text, c text, doc jsonb)");
        connection = db.connection();
    }

    @AfterEach
    void close() throws SQLException {
        db.close();
    }

    @Test
    void aPlainIndexIsReadAsItStands() throws SQLException {
        execute(
                "create index ix on s.t (a desc, \"B b\" nulls first) include (c) where a > 3",
                "comment on index s.ix is 'ours'");

        Index index = index("ix");

        assertThat(index.table()).isEqualTo(new Name("s", "t"));
        assertThat(index.shape().method()).isEqualTo("btree");
        assertThat(index.shape().keys())
                .containsExactly(
                        new IndexKey("a", "a", "int4_ops", null, true, true),
                        new IndexKey("\"B b\"", "B b", "text_ops", null, false, true));
        assertThat(index.shape().include()).containsExactly("c");
        assertThat(index.shape().predicate()).isEqualTo("(a > 3)");
        assertThat(index.role()).isEqualTo(IndexRole.PLAIN);
        assertThat(index.state()).isEqualTo(IndexState.VALID);
        assertThat(index.bytes()).isEqualTo(8192);
        assertThat(index.commentText()).contains("ours");
        assertThat(index.definition()).startsWith("CREATE INDEX ix ON s.t USING btree (a DESC");
    }

    @Test
    void expressionsCollationsOpclassesAndStorageParametersAreRead() throws SQLException {
        execute("create index ix on s.t (lower(c) text_pattern_ops, c collate \"POSIX\") with (fillfactor = 70)");

        IndexShape shape = index("ix").shape();

        assertThat(shape.keys().getFirst())
                .isEqualTo(new IndexKey("lower(c)", null, "text_pattern_ops", null, false, false));
        assertThat(shape.keys().getLast().collation()).isEqualTo("pg_catalog.\"POSIX\"");
        assertThat(shape.storageParameters()).containsExactly("fillfactor=70");
    }

    @Test
    void otherMethodsAreRead() throws SQLException {
        execute("create index ix on s.t using gin (doc jsonb_path_ops)");

        assertThat(index("ix").shape())
                .isEqualTo(new IndexShape(
                        "gin",
                        List.of(new IndexKey("doc", "doc", "jsonb_path_ops", null, false, false)),
                        List.of(),
                        null,
                        List.of()));
    }

    @Test
    void whatAnIndexGuaranteesIsRead() throws SQLException {
        execute(
                "alter table s.t add constraint t_a_c unique (a, c)",
                "alter table s.t alter a set not null",
                "create unique index identity on s.t (a)",
                "alter table s.t replica identity using index identity",
                "create table s.r (a int references s.t (a))");

        assertThat(index("t_pkey").role().primary()).isTrue();
        assertThat(index("t_a_c").role().constraint()).isEqualTo("t_a_c");
        IndexRole identity = index("identity").role();
        assertThat(identity.replicaIdentity()).isTrue();
        assertThat(identity.unique()).isTrue();
        assertThat(identity.constraint())
                .as("a foreign key that refers to it makes it no constraint")
                .isNull();
    }

    @Test
    void scansAreCounted() throws SQLException {
        execute(
                "create index ix on s.t (a)",
                "insert into s.t select i, i from generate_series(1, 5000) i",
                "analyze s.t",
                "set enable_seqscan = off",
                "select * from s.t where a = 7");
        Db.flushStatistics(db.connection());

        assertThat(index("ix").scans()).isEqualTo(1);
    }

    @Test
    void anIndexThatIsBeingRebuiltUnderLockIsReadWithoutWaiting() throws SQLException {
        execute(
                "create index ix on s.t (a)",
                "insert into s.t select i, i from generate_series(1, 5000) i",
                "analyze s.t",
                "set statement_timeout = '5s'");
        try (Connection other = db.another()) {
            other.setAutoCommit(false);
            Db.execute(other, "reindex index s.ix");

            assertThat(index("ix").bytes()).isPositive();
            other.rollback();
        }
    }

    @Test
    void theSizesAndForeignKeysOfALockedTableAreReadWithoutWaiting() throws SQLException {
        execute(
                "insert into s.t select i, i from generate_series(1, 5000) i",
                "analyze s.t",
                "set statement_timeout = '5s'");
        try (Connection other = db.another()) {
            other.setAutoCommit(false);
            Db.execute(other, "lock table s.t in access exclusive mode");

            assertThat(TableSize.of(connection, List.of("s"))).singleElement().satisfies(size -> {
                assertThat(size.totalBytes()).isGreaterThan(8192);
                assertThat(size.totalBytes()).isEqualTo(size.tableBytes() + size.indexBytes());
            });
            assertThat(ForeignKey.of(connection, List.of("s"))).isEmpty();
            other.rollback();
        }
    }

    @Test
    void onlyTheSchemasAskedForAreRead() throws SQLException {
        execute("create schema other", "create table other.t (id int primary key)");

        assertThat(Indexes.of(connection, List.of("other")))
                .extracting(index -> index.name().toString())
                .containsExactly("other.t_pkey");
        assertThat(Indexes.of(connection, List.of("none"))).isEmpty();
    }

    @Test
    void aKnownIndexIsNotReadAgain() throws SQLException {
        execute("create index ix on s.t (lower(c)) include (a) where a > 3");
        List<Index> known = Indexes.of(connection, List.of("s"));

        execute("create index more on s.t (a)");
        List<Index> again = Indexes.of(connection, List.of("s"), known);

        assertThat(again).isEqualTo(Indexes.of(connection, List.of("s")));
        assertThat(named("ix", again)).isSameAs(named("ix", known));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table s.t rename column a to z",
                "alter table s.t rename column doc to z",
                "alter table s.t alter a type bigint",
                "alter table s.t alter c type varchar(40) collate \"C\"",
                "alter table s.t drop column a",
                "alter table s.t add column z int",
                "alter table s.t rename to renamed",
                "alter table s.t set schema other",
                "alter schema s rename to renamed; create schema s",
                "alter index s.ix rename to renamed",
                "comment on index s.ix is 'ours'",
                "alter index s.ix set (fillfactor = 70)",
                "alter table s.t cluster on u",
                "alter table s.t replica identity using index u",
                "alter table s.t add constraint c unique using index u",
                "create table s.r (b int references s.t (b))",
                "alter table s.ev attach partition s.ev1 for values from (1) to (10)",
                "drop index s.ix; create index ix on s.t (b)",
                "drop index s.ix",
                "drop table s.t",
                "create table s.more (id int primary key)",
                "truncate s.t",
                "vacuum full s.t",
                "reindex table s.t",
                "update pg_index set indisvalid = false where indexrelid = 's.ix'::regclass"
            })
    void aChangeIsSeenInWhatIsKnown(String change) throws SQLException {
        execute(
                "create schema other",
                "alter table s.t add b int not null default 0",
                "create unique index u on s.t (b)",
                "create index ix on s.t (a, lower(c)) where doc is not null",
                "create table s.ev (id int primary key) partition by range (id)",
                "create table s.ev1 (id int primary key)");
        List<Index> known = Indexes.of(connection, List.of("s", "other"));

        execute(change);

        List<Index> fresh = Indexes.of(connection, List.of("s", "other"));
        assertThat(Indexes.of(connection, List.of("s", "other"), known)).isEqualTo(fresh);
        assertThat(fresh).isNotEqualTo(known);
        assertThat(Indexes.fingerprint(connection, Set.of(T, new Name("s", "ev1"))))
                .isEqualTo(Indexes.fingerprint(fresh.stream()
                        .filter(index ->
                                index.table().equals(T) || index.table().name().equals("ev1"))));
    }

    @Test
    void partitionsInOtherSchemasBelongToTheirTableAndTheirNeighboursDoNot() throws SQLException {
        execute(
                "create schema archive",
                "create table archive.neighbour (id int primary key)",
                "create table s.ev (id int, at date, primary key (id, at)) partition by range (at)",
                "create table archive.old partition of s.ev for values from ('2020-01-01') to ('2021-01-01') partition by list (id)",
                "create table s.new partition of s.ev for values from ('2021-01-01') to ('2022-01-01')",
                "create table archive.one partition of archive.old for values in (1)");

        Structure structure = Structure.of(connection, List.of("s"), List.of());

        assertThat(structure.partitionTree().leaves(new Name("s", "ev")))
                .containsExactlyInAnyOrder(new Name("archive", "one"), new Name("s", "new"));
        assertThat(structure.indexes())
                .extracting(index -> index.table().toString())
                .containsExactlyInAnyOrder("s.t", "s.ev", "s.new", "archive.old", "archive.one");
        Index root = structure.indexes().stream()
                .filter(index -> index.name().name().equals("ev_pkey"))
                .findFirst()
                .orElseThrow();
        assertThat(root.partitioned()).isTrue();
        assertThat(structure.attachedBelow(root))
                .extracting(index -> index.table().name())
                .containsExactlyInAnyOrder("old", "one", "new");
    }

    @Test
    void foreignKeysTowardsPartitionedTablesHaveNoShadows() throws SQLException {
        execute(
                "create table s.ev (id int primary key) partition by range (id)",
                "create table s.ev1 partition of s.ev for values from (1) to (10)",
                "create table s.ev2 partition of s.ev for values from (10) to (20)",
                "create table s.r (x int, ev_id int references s.ev on delete set null)");

        assertThat(ForeignKey.of(connection, List.of("s"))).singleElement().satisfies(key -> {
            assertThat(key.table()).isEqualTo(new Name("s", "r"));
            assertThat(key.columns()).containsExactly("ev_id");
            assertThat(key.referencedTable()).isEqualTo(new Name("s", "ev"));
            assertThat(key.onDelete()).isEqualTo("SET NULL");
        });
    }

    private static Index named(String name, List<Index> indexes) {
        return indexes.stream()
                .filter(index -> index.name().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Index index(String name) throws SQLException {
        return db.index(name);
    }

    private void execute(String... statements) throws SQLException {
        db.execute(statements);
    }
}
