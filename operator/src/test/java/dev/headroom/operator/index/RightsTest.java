package dev.headroom.operator.index;

import static dev.headroom.operator.index.Wanted.index;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.testkit.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each missing right is named with the GRANT against it, and the GRANT is enough. */
class RightsTest {
    private TestPostgres.Database database;
    private TestOperator operator;
    private String role;

    @BeforeEach
    void roleWithoutRights() throws Exception {
        database = TestPostgres.database();
        role = "r" + database.name();
        Sqls.run(
                database,
                "create role " + role + " login password 'secret'",
                "create role owner_" + role,
                "create schema app",
                "create table app.tasks (id int primary key, status text)",
                "alter table app.tasks owner to owner_" + role,
                "grant usage on schema app to " + role,
                "grant select on app.tasks to " + role,
                "revoke temporary on database " + database.name() + " from public");
        operator = TestOperator.as("shop", TestOperator.access(database, role, "secret", "app"))
                .declare(index("ix", "tasks", "status"));
    }

    @AfterEach
    void close() throws Exception {
        operator.close();
        Sqls.run(
                database,
                "drop schema app cascade",
                "drop owned by " + role,
                "drop role " + role,
                "drop role owner_" + role);
        database.close();
    }

    @Test
    void theGrantsThatTheStatusNamesAreEnough() throws Exception {
        for (int i = 0; i < 3; i++) {
            IndexStatus status = operator.status("ix");
            assertThat(status.state()).isEqualTo(State.REFUSED);
            String message = status.message();
            Sqls.run(database, message.substring(message.indexOf("GRANT ")));
        }
        operator.settle();
        assertThat(operator.status("ix").state()).isEqualTo(State.VALID);
    }

    @Test
    void membershipInASuperuserIsNeverAdvised() throws Exception {
        Sqls.run(
                database,
                "grant create on schema app to " + role,
                "grant temporary on database " + database.name() + " to " + role,
                "alter table app.tasks owner to " + database.user());

        IndexStatus status = operator.status("ix");

        assertThat(status.state()).isEqualTo(State.REFUSED);
        assertThat(status.message())
                .doesNotContain("GRANT")
                .contains("app.tasks", "owned by \"" + database.user() + "\"", "superuser", "ALTER TABLE", "OWNER TO");
    }

    @Test
    void membershipInARoleThatIsASuperuserByMembershipIsNotAdvisedEither() throws Exception {
        Sqls.run(
                database,
                "grant " + database.user() + " to owner_" + role,
                "grant create on schema app to " + role,
                "grant temporary on database " + database.name() + " to " + role);

        assertThat(operator.status("ix").message()).doesNotContain("GRANT").contains("owned by \"owner_" + role);
    }
}
