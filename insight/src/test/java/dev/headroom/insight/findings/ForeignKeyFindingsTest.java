package dev.headroom.insight.findings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.insight.Db;
import dev.headroom.insight.Structure;
import dev.headroom.insight.findings.MissingForeignKeyIndexes.MissingForeignKeyIndex;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForeignKeyFindingsTest {
    private Db db;

    @BeforeEach
    void connect() throws SQLException {
        db = new Db(
                "create schema s",
                "create table s.parent (id int primary key)",
                "create table s.pair (a int, b int, primary key (a, b))",
                "create table s.child (id int primary key, \"Parent\" int references s.parent on delete cascade, a int, b int, x int)");
    }

    @AfterEach
    void close() throws SQLException {
        db.close();
    }

    @Test
    void aForeignKeyWithoutIndexIsFoundAndItsSuggestionMendsIt() throws SQLException {
        MissingForeignKeyIndex missing = onlyMissing();

        assertThat(missing.finding().object()).isEqualTo("s.child child_Parent_fkey");
        assertThat(missing.finding().severity()).isEqualTo(Finding.Severity.LOW);
        assertThat(missing.finding().evidence())
                .contains("no usable index begins with (Parent) on s.child", "ON DELETE CASCADE");
        assertThat(missing.finding().suggestion())
                .isEqualTo("CREATE INDEX CONCURRENTLY \"ix_child_Parent\" ON \"s\".\"child\" (\"Parent\");");
        apply(missing.finding());
        assertThat(missing()).isEmpty();
    }

    @Test
    void aPartialIndexForValuesThatAreNotNullServes() throws SQLException {
        db.execute("create index on s.child (\"Parent\") where \"Parent\" is not null");

        assertThat(missing()).isEmpty();
    }

    @Test
    void theServersOwnWordingOfSeveralNotNullsIsUnderstood() throws SQLException {
        db.execute(
                "create index on s.child (\"Parent\")",
                "alter table s.child add foreign key (a, b) references s.pair",
                "create index on s.child (b, a, x) where b is not null and a is not null");

        assertThat(missing()).isEmpty();
    }

    @Test
    void whatComesNearIsNamedWithItsFault() throws SQLException {
        db.execute(
                "create index near on s.child (\"Parent\") where x = 1",
                "create index brin on s.child using brin (\"Parent\")");

        assertThat(onlyMissing().finding().evidence()).contains("near is partial: (x = 1)", "brin is a brin index");
    }

    @Test
    void anIndexOnTheFirstColumnAloneIsSaidToNarrowTheLookUp() throws SQLException {
        db.execute(
                "create index on s.child (\"Parent\")",
                "create index first on s.child (a)",
                "alter table s.child add constraint fk_pair foreign key (a, b) references s.pair");

        assertThat(onlyMissing().finding().evidence())
                .contains("read all rows that have the same a, which first finds")
                .doesNotContain("whole");
    }

    @Test
    void oneIndexIsProposedForKeysThatBeginEachOther() throws SQLException {
        db.execute(
                "create index on s.child (\"Parent\")",
                "alter table s.child add constraint fk_pair foreign key (a, b) references s.pair",
                "alter table s.child add constraint fk_a foreign key (a) references s.parent");

        MissingForeignKeyIndex missing = onlyMissing();

        assertThat(missing.columns()).containsExactly("a", "b");
        assertThat(missing.keys()).extracting(key -> key.name()).containsExactlyInAnyOrder("fk_a", "fk_pair");
        apply(missing.finding());
        assertThat(missing()).isEmpty();
        Structure structure = db.structure("s");
        assertThat(RedundantIndexes.of(structure, structure.indexes(), Set.of()))
                .isEmpty();
    }

    @Test
    void ofAPartitionedTableTheWholeRecipeIsGivenAndWorks() throws SQLException {
        partitioned();

        MissingForeignKeyIndex missing = onlyMissing();

        assertThat(missing.table().toString()).isEqualTo("s.ev");
        assertThat(missing.tables()).extracting(Object::toString).containsExactly("s.ev1", "s.ev2a", "s.ev2b");
        apply(missing.finding());
        assertThat(missing()).isEmpty();
        assertThat(InvalidIndexes.in(db.structure("s"))).isEmpty();
        assertThat(db.index("ix_ev_parent_id").state().usable()).isTrue();
    }

    @Test
    void partitionsAreJudgedOneByOne() throws SQLException {
        partitioned();
        db.execute("create index on s.ev1 (parent_id)", "create index on s.ev2a (parent_id)");

        MissingForeignKeyIndex missing = onlyMissing();

        assertThat(missing.tables()).extracting(Object::toString).containsExactly("s.ev2b");
        assertThat(missing.finding().evidence()).contains("on 1 of 3 partitions of s.ev (s.ev2b)");
        apply(missing.finding());
        assertThat(missing()).isEmpty();
    }

    @Test
    void aPartitionedTableWithoutPartitionsIsJudgedItself() throws SQLException {
        db.execute(
                "create index on s.child (\"Parent\")",
                "create table s.ev (id int, parent_id int references s.parent) partition by range (id)");

        apply(onlyMissing().finding());

        assertThat(missing()).isEmpty();
    }

    @Test
    void aLongNameIsCutAndATakenOneIsNumbered() throws SQLException {
        String column = "ä".repeat(31);
        db.execute(
                "create index on s.child (\"Parent\")",
                "create table s.wide (" + column + " int references s.parent)",
                "create table s.taken (p int references s.parent)",
                "create index ix_taken_p on s.child (x)");

        for (MissingForeignKeyIndex missing : missing()) {
            apply(missing.finding());
        }

        assertThat(missing()).isEmpty();
        assertThat(db.index("ix_taken_p_2").table().name()).isEqualTo("taken");
    }

    private void partitioned() throws SQLException {
        db.execute(
                "create index on s.child (\"Parent\")",
                "create table s.ev (id int, at date, parent_id int references s.parent) partition by range (at)",
                "create table s.ev1 partition of s.ev for values from ('2020-01-01') to ('2021-01-01')",
                "create table s.ev2 partition of s.ev for values from ('2021-01-01') to ('2022-01-01') partition by list (id)",
                "create table s.ev2a partition of s.ev2 for values in (1)",
                "create table s.ev2b partition of s.ev2 for values in (2)");
    }

    private List<MissingForeignKeyIndex> missing() throws SQLException {
        return MissingForeignKeyIndexes.in(db.structure("s"));
    }

    private MissingForeignKeyIndex onlyMissing() throws SQLException {
        assertThat(missing()).hasSize(1);
        return missing().getFirst();
    }

    private void apply(Finding finding) throws SQLException {
        db.execute(finding.suggestion().split("\n", -1));
    }
}
