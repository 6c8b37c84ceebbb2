package dev.headroom.operator.index;

import static dev.headroom.operator.index.Wanted.expression;
import static dev.headroom.operator.index.Wanted.index;
import static dev.headroom.operator.index.Wanted.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.operator.crd.Reason;
import dev.headroom.testkit.PostgresServer;
import dev.headroom.testkit.TcpProxy;
import dev.headroom.testkit.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In the middle of a build the standby becomes the primary, behind the same address as a Service of Kubernetes has it. */
class FailoverIT {
    private static final Wanted SLOW = keys("ix", "tasks", expression("slow(n)"));
    private static final Duration PATIENCE = Duration.ofSeconds(100);

    private PostgresServer primary;
    private PostgresServer standby;
    private TcpProxy address;
    private TestPostgres.Database before;
    private TestPostgres.Database after;
    private TestOperator operator;

    @BeforeEach
    void aBuildOnAPrimaryWithAStandby() throws Exception {
        primary = TestPostgres.server();
        standby = TestPostgres.standbyOf(primary);
        before = primary.database();
        after = new TestPostgres.Database(standby, before.name());
        address = TcpProxy.plain(primary.host(), primary.port());
        Sqls.run(
                before,
                "create function slow(n int) returns int immutable language plpgsql as "
                        + "'begin perform pg_sleep(0.01); return n; end'",
                "create table tasks (id int primary key, status text, n int)",
                "insert into tasks select i, 's' || i % 5, i from generate_series(1, 300) i");
        operator = TestOperator.as("shop", ConnectionFaultsIT.through(address, before))
                .declare(SLOW, index("iy", "tasks", "status"));
        operator.look();
        await().atMost(PATIENCE).until(() -> ConnectionFaultsIT.building(before));
        await().until(() -> !unfinished().isEmpty());
    }

    @AfterEach
    void bothIndexesAreValidAndNoSessionIsLeft() throws Exception {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(SQLException.class)
                .untilAsserted(() -> assertThat(TestOperator.statuses(operator.look()))
                        .extracting(each -> each.name() + " " + each.state())
                        .containsExactlyInAnyOrder("ix " + State.VALID, "iy " + State.VALID));
        operator.settle();
        assertThat(Sqls.invalid(after)).isEmpty();
        assertThat(Sqls.indexes(after)).hasSize(2);
        await().untilAsserted(() -> assertThat(Sqls.column(
                        after,
                        "select application_name || ': ' || query from pg_stat_activity"
                                + " where application_name like 'headroom-operator%'"))
                .isEmpty());
        operator.close();
        address.close();
        standby.close();
        primary.close();
    }

    @Test
    void thePrimaryDies() throws Exception {
        primary.kill();
        standby.promote();
        address.redirect(standby.host(), standby.port());
    }

    /** The old connections neither end nor answer, as when a node loses its network. */
    @Test
    void thePrimaryFallsSilent() throws Exception {
        address.blackHole();
        standby.promote();
        address.redirect(standby.host(), standby.port());
        address.restore();
    }

    @Test
    void theAddressMovesBeforeTheStandbyIsPromoted() throws Exception {
        primary.kill();
        address.redirect(standby.host(), standby.port());
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(SQLException.class)
                .untilAsserted(
                        () -> assertThat(TestOperator.verdict(operator.look()).reason())
                                .isEqualTo(Reason.SERVER_UNSUPPORTED));

        standby.promote();
    }

    /** What the standby has of the build. */
    private List<String> unfinished() throws SQLException {
        return Sqls.invalid(after);
    }
}
