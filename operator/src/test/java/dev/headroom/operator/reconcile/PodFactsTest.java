package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.capacity.control.Target;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodFactsTest {

    private static final Pod RUNNING = pod("""
            metadata:
              name: shop-5d4f-x
              namespace: prod
              uid: uid-1
              resourceVersion: "12"
              creationTimestamp: "2026-11-30T10:00:00Z"
              labels: {app: shop, pod-template-hash: 5d4f}
              annotations: {headroom.dev/pool-generation: "7", other: "1"}
              ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: shop-5d4f, uid: rs, controller: true}]
            spec: {containers: [{name: app, image: shop}]}
            status:
              phase: Running
              podIP: 10.0.0.7
              podIPs: [{ip: 10.0.0.7}, {ip: "fd00::7"}]
              conditions:
                - {type: Initialized, status: "True", lastTransitionTime: "2026-11-30T10:00:01Z"}
                - {type: Ready, status: "True", lastTransitionTime: "2026-11-30T10:00:20Z"}
              containerStatuses:
                - {name: app, state: {running: {startedAt: "2026-11-30T10:00:09Z"}}, image: shop, restartCount: 1}
                - {name: proxy, state: {running: {startedAt: "2026-11-30T10:00:05Z"}}, image: proxy, restartCount: 2}
            """);

    @Test
    void aRunningPodIsReadWhole() {
        PodFacts facts = PodFacts.of(RUNNING);

        assertThat(facts.isLiving()).isTrue();
        Target.Pod pod = facts.pod();
        assertThat(pod.uid()).isEqualTo("uid-1");
        assertThat(pod.name()).isEqualTo("shop-5d4f-x");
        assertThat(pod.ip()).isEqualTo("10.0.0.7");
        assertThat(pod.ips()).containsExactly("10.0.0.7", "fd00::7");
        assertThat(pod.createdAt()).isEqualTo(Instant.parse("2026-11-30T10:00:00Z"));
        assertThat(pod.startedAt()).as("its oldest container").isEqualTo(Instant.parse("2026-11-30T10:00:05Z"));
        assertThat(pod.readyAt()).contains(Instant.parse("2026-11-30T10:00:20Z"));
        assertThat(pod.ready()).isTrue();
        assertThat(pod.terminating()).isFalse();
        assertThat(pod.announced()).hasValue(7);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "3, 0", "0, 1"})
    void aContainerThatBeganOnceMayHaveWhatWasMountedBeforeItsImageWasPulled(int restarts, int ofTheOther) {
        Pod pod = Serialization.clone(RUNNING);
        pod.getStatus().getContainerStatuses().get(0).setRestartCount(restarts);
        pod.getStatus().getContainerStatuses().get(1).setRestartCount(ofTheOther);

        assertThat(PodFacts.of(pod).pod().startedAt()).isEqualTo(Instant.parse("2026-11-30T10:00:00Z"));
        assertThat(PodFacts.of(PodFacts.stripped(pod))).isEqualTo(PodFacts.of(pod));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "metadata: {name: a, namespace: prod, uid: u}",
                "metadata: {name: a, namespace: prod, uid: u}\nstatus: {phase: Pending}",
                """
                metadata: {name: a, namespace: prod, uid: u, creationTimestamp: "2026-11-30T10:00:00Z"}
                status: {phase: Running, containerStatuses: [{name: app}, {name: b, state: {waiting: {reason: Pulling}}}]}
                """
            })
    void whatAPodDoesNotSayIsUnknown(String yaml) {
        PodFacts facts = PodFacts.of(pod(yaml));

        assertThat(facts.isLiving()).isTrue();
        assertThat(facts.pod().ip()).isEmpty();
        assertThat(facts.pod().ready()).isFalse();
        assertThat(facts.pod().readyAt()).isEmpty();
        assertThat(facts.pod().announced()).isEmpty();
        assertThat(facts.pod().startedAt()).isEqualTo(facts.pod().createdAt());
        assertThat(PodFacts.owner(pod(yaml))).isEmpty();
        assertThat(PodFacts.of(PodFacts.stripped(pod(yaml)))).isEqualTo(facts);
    }

    @Test
    void aPodThatIsDeletedIsLivingAndTerminating() {
        Pod pod = pod("metadata: {name: a, uid: u, deletionTimestamp: \"2026-11-30T10:00:00Z\"}");

        assertThat(PodFacts.of(pod).isLiving()).isTrue();
        assertThat(PodFacts.of(pod).pod().terminating()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"Succeeded, false", "Failed, false", "Unknown, true", "Running, true", "Pending, true"})
    void aPodThatHasEndedHoldsNothing(String phase, boolean living) {
        assertThat(PodFacts.of(pod("metadata: {name: a, uid: u}\nstatus: {phase: " + phase + "}"))
                        .isLiving())
                .isEqualTo(living);
    }

    @ParameterizedTest
    @ValueSource(strings = {"seven", "-1", "''", "1234567890123456789"})
    void anAnnotationThatIsNoGenerationIsNone(String text) {
        Pod pod = pod("metadata: {name: a, uid: u, annotations: {headroom.dev/pool-generation: \"" + text + "\"}}");

        assertThat(PodFacts.of(pod).pod().announced()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "ReplicaSet, name: shop-5d4f, controller: true | 5d4f | Deployment/prod/shop",
                "ReplicaSet, name: shop-a-b-5d4f, controller: true | 5d4f | Deployment/prod/shop-a-b",
                "ReplicaSet, name: shop-5d4f, controller: true | 6e5a | none",
                "ReplicaSet, name: shop, controller: true | none | none",
                "ReplicaSet, name: shop-5d4f, controller: false | 5d4f | none",
                "ReplicaSet, name: shop-5d4f | 5d4f | none",
                "StatefulSet, name: shop, controller: true | none | StatefulSet/prod/shop",
                "Job, name: shop, controller: true | none | none",
            })
    void theOwnerIsTheTargetBehindTheReplicaSet(String owner, String hash, String target) {
        Pod pod = pod("metadata: {name: a, namespace: prod, uid: u, labels: {"
                + (hash == null ? "app: shop" : "pod-template-hash: " + hash)
                + "}, ownerReferences: [{kind: Other, name: x}, {kind: " + owner + "}]}");

        assertThat(PodFacts.owner(pod).orElse(null)).isEqualTo(target);
        assertThat(PodFacts.owner(PodFacts.stripped(pod))).isEqualTo(PodFacts.owner(pod));
    }

    @Test
    void theStrippedPodKeepsWhatIsReadAndLittleElse() {
        Pod stripped = PodFacts.stripped(RUNNING);

        assertThat(PodFacts.of(stripped)).isEqualTo(PodFacts.of(RUNNING));
        assertThat(PodFacts.owner(stripped)).contains("Deployment/prod/shop");
        assertThat(stripped.getMetadata().getResourceVersion()).isEqualTo("12");
        assertThat(stripped.getSpec()).isNull();
        assertThat(stripped.getMetadata().getLabels()).containsOnlyKeys("pod-template-hash");
        assertThat(stripped.getMetadata().getAnnotations()).containsOnlyKeys("headroom.dev/pool-generation");
    }

    @Test
    void whatMakesAPodAnotherOneIsSeenThroughStripping() {
        Pod ended = Serialization.clone(RUNNING);
        ended.getStatus().setPhase("Failed");
        Pod deleted = Serialization.clone(RUNNING);
        deleted.getMetadata().setDeletionTimestamp("2026-11-30T11:00:00Z");
        Pod restarted = Serialization.clone(RUNNING);
        restarted
                .getStatus()
                .getContainerStatuses()
                .forEach(each -> each.getState().getRunning().setStartedAt("2026-11-30T12:00:00Z"));

        assertThat(ended).isNotEqualTo(RUNNING);
        for (Pod changed : new Pod[] {ended, deleted, restarted}) {
            assertThat(PodFacts.of(PodFacts.stripped(changed)))
                    .isEqualTo(PodFacts.of(changed))
                    .isNotEqualTo(PodFacts.of(RUNNING));
        }
    }

    private static Pod pod(String yaml) {
        return Serialization.unmarshal("apiVersion: v1\nkind: Pod\n" + yaml, Pod.class);
    }
}
