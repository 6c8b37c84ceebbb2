package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headroom.operator.crd.IndexStatus.State;
import dev.headroom.testkit.kubernetes.KubernetesServer;
import dev.headroom.testkit.kubernetes.KubernetesTest;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a rollout does to the leader in the middle of a build: SIGTERM, and a successor that waits for the lease. */
@KubernetesTest
class SigtermIT {

    private static final String BUILDING = "SELECT count(*) FROM pg_stat_progress_create_index";
    private static final String INVALID = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
    /** A kubelet kills after 30 s by default. */
    private static final int GRACE_SECONDS = 25;

    @Test
    void theLeaderCleansUpBehindItsBuild_givesTheLeaseBack_saysSo_andTheNextOneBuilds(
            KubernetesServer server, KubernetesClient client) throws Exception {
        server.requireRealApi("it is about a process of its own and its lease");
        try (TestCluster cluster = TestCluster.start(client)) {
            cluster.stopOperator();
            try (OperatorProgram leader = operator(server, client)) {
                cluster.create(cluster.slow("rolled", "ix_rolled", 6000));
                cluster.awaitThat(
                        "rolled",
                        r -> r.getStatus().indexes().stream().anyMatch(index -> index.state() == State.BUILDING));
                await().atMost(TestCluster.PATIENCE).until(() -> cluster.count(BUILDING) == 1);
                assertThat(holder(client)).isNotEmpty();

                leader.signal("TERM");
                assertThat(leader.endsWithin(GRACE_SECONDS)).as("ended").isTrue();

                assertThat(holder(client)).as("who holds the lease").isEmpty();
                assertThat(cluster.count(BUILDING)).as("builds that go on").isZero();
                assertThat(cluster.count(INVALID)).as("INVALID indexes").isZero();
                assertThat(leader.said()).anyMatch(line -> line.endsWith(": stopping"));
                assertThat(leader.said().getLast()).as("its last line").endsWith(": stopped");
            }
            cluster.sql("DELETE FROM ix_rolled_of WHERE id > 50");
            try (OperatorProgram next = operator(server, client)) {
                await().atMost(TestCluster.PATIENCE).until(() -> cluster.indexExists("ix_rolled"));
                assertThat(cluster.count(INVALID)).isZero();
                cluster.awaitReason("rolled", "IndexesValid");
                client.resource(cluster.now("rolled")).delete();
                cluster.awaitGone("rolled");
                assertThat(next.isRunning()).isTrue();
            }
        }
    }

    @Test
    void whoStandsByActsAtOnceWhenTheLeaderIsToldToStop(KubernetesServer server, KubernetesClient client)
            throws Exception {
        server.requireRealApi("it is about a process of its own and its lease");
        try (TestCluster cluster = TestCluster.start(client)) {
            cluster.stopOperator();
            client.leases().withName("headroom-operator").delete(); // of a test before, whose holder was killed
            try (OperatorProgram leader = operator(server, client)) {
                await().atMost(TestCluster.PATIENCE).until(() -> !holder(client).isEmpty());
                String first = holder(client);
                try (OperatorProgram standBy = operator(server, client)) {
                    await().atMost(TestCluster.PATIENCE)
                            .until(() -> standBy.said().stream().anyMatch(line -> line.contains("watching")));
                    LeaseSpec last = lease(client);
                    leader.signal("TERM");
                    assertThat(leader.endsWithin(GRACE_SECONDS)).isTrue();
                    await().atMost(TestCluster.PATIENCE)
                            .until(() -> !holder(client).isEmpty() && !first.equals(holder(client)));
                    assertThat(lease(client).getAcquireTime())
                            .as("taken before it would have run out by itself")
                            .isBefore(last.getRenewTime().plusSeconds(last.getLeaseDurationSeconds()));
                    cluster.create(cluster.resource("taken-over", "Apply", "ix_taken"));
                    cluster.awaitReason("taken-over", "IndexesValid");
                    client.resource(cluster.now("taken-over")).delete();
                    cluster.awaitGone("taken-over");
                }
            }
        }
    }

    private static OperatorProgram operator(KubernetesServer server, KubernetesClient client) throws IOException {
        return OperatorProgram.onCluster(
                server,
                List.of(
                        "run",
                        "--watch-namespaces=" + client.getNamespace(),
                        "--lease-namespace=" + client.getNamespace(),
                        "--leader-election=true",
                        "--admin-port=0"));
    }

    private static LeaseSpec lease(KubernetesClient client) {
        return client.leases().withName("headroom-operator").get().getSpec();
    }

    /** Empty when nobody holds the lease. */
    private static String holder(KubernetesClient client) {
        Lease lease = client.leases().withName("headroom-operator").get();
        return lease == null || lease.getSpec().getHolderIdentity() == null
                ? ""
                : lease.getSpec().getHolderIdentity();
    }
}
