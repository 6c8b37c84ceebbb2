package dev.headroom.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.headroom.operator.capacity.control.Target;
import dev.headroom.operator.crd.TargetSpec;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadFactsTest {

    /** Most pods of a rollout beside ten replicas. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 3 | 2",
                "strategy: {type: RollingUpdate} | 3 | 2",
                "strategy: {type: Recreate} | 0 | 0",
                "strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}} | 3 | 2",
                "strategy: {rollingUpdate: {maxSurge: 2, maxUnavailable: 0}} | 2 | 0",
                "strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 3}} | 0 | 3",
                "strategy: {rollingUpdate: {maxSurge: 1}} | 1 | 2",
                "strategy: {rollingUpdate: {maxSurge: 100%, maxUnavailable: 0%}} | 10 | 0",
                "strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}} | 0 | 1",
                "strategy: {rollingUpdate: {maxSurge: 0%, maxUnavailable: 0%}} | 0 | 1",
            })
    void surgeIsThatOfKubernetes(String strategy, int over, int under) {
        Target.RolloutLimits limits = of(deployment(strategy), null).limits();

        assertThat(limits.surge(10)).isEqualTo(over);
        assertThat(limits.unavailable(10)).isEqualTo(under);
    }

    /** Kubernetes lets one be unavailable where neither amount comes to a pod. */
    @Test
    void aRolloutOfFewReplicasWithoutSurgeTakesOneAway() {
        Target.RolloutLimits limits = of(
                        deployment("strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 25%}}"), null)
                .limits();

        assertThat(limits.unavailable(3)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "[{name: app, resources: {limits: {cpu: 500m}, requests: {cpu: 250m}}}] | none | 0.5",
                "[{name: app, resources: {requests: {cpu: 250m}}}] | none | 0.25",
                "[{name: app, resources: {limits: {memory: 1Gi}, requests: {cpu: '2'}}}] | none | 2",
                "[{name: app, resources: {limits: {cpu: '0'}, requests: {cpu: '1'}}}] | none | 1",
                "[{name: app}] | none | -1",
                "[{name: app, resources: {}}] | none | -1",
                "[{name: proxy, resources: {limits: {cpu: 100m}}}, {name: app, resources: {limits: {cpu: '3'}}}] | app | 3",
                "[{name: proxy, resources: {limits: {cpu: 100m}}}, {name: app}] | none | 0.1",
                "[{name: proxy, resources: {limits: {cpu: 100m}}}, {name: app}] | app | -1",
                "[{name: proxy, resources: {limits: {cpu: 100m}}}] | app | -1",
            })
    void coresAreTheLimitOrElseTheRequestOfTheContainer(String containers, @Nullable String named, double cores) {
        Deployment deployment = deployment("template: {spec: {containers: " + containers + "}}");

        assertThat(of(deployment, named).coresPerPod().orElse(-1)).isEqualTo(cores);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{observedGeneration: 4, replicas: 3, updatedReplicas: 3} | false",
                "{observedGeneration: 4, replicas: 3, updatedReplicas: 2} | true",
                "{observedGeneration: 4, replicas: 3} | true",
                "{observedGeneration: 3, replicas: 3, updatedReplicas: 3} | false",
                "{} | true",
                "{observedGeneration: 4} | false",
            })
    void podsOfAnOlderTemplateAreARollout(String status, boolean rollout) {
        Deployment deployment = deployment("{}");
        deployment.setStatus(
                Serialization.unmarshal("status: " + status, Deployment.class).getStatus());

        assertThat(of(deployment, null).rollout()).isEqualTo(rollout);
    }

    @Test
    void withoutReplicasThereIsOne() {
        assertThat(of(deployment("{}"), null).replicas()).isEqualTo(1);
        assertThat(of(deployment("replicas: 0"), null).replicas()).isZero();
    }

    @Test
    void aStatefulSetHasNoSurge() {
        StatefulSet set = Serialization.unmarshal("""
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: shop, namespace: prod, uid: u, resourceVersion: "3"}
                spec:
                  replicas: 4
                  template: {spec: {containers: [{name: app, resources: {limits: {cpu: 1500m}}}]}}
                status: {currentRevision: a, updateRevision: b}
                """, StatefulSet.class);

        Target target = of(set, null);

        assertThat(target.replicas()).isEqualTo(4);
        assertThat(target.version()).isEqualTo("3");
        assertThat(target.limits()).isEqualTo(Target.RolloutLimits.NONE);
        assertThat(target.rollout()).isTrue();
        assertThat(target.coresPerPod()).hasValue(1.5);
        set.getStatus().setUpdateRevision("a");
        assertThat(of(set, null).rollout()).isFalse();
        set.setStatus(null);
        assertThat(of(set, null).rollout()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "[] | none",
                "[{manager: kubectl, time: '2026-11-30T10:00:00Z', fieldsV1: {f:spec: {f:replicas: {}}}}] | kubectl",
                "[{manager: kubectl, fieldsV1: {f:spec: {f:replicas: {}}}}] | kubectl",
                "[{manager: kubectl, fieldsV1: {f:spec: {f:template: {}}}}, {manager: x, fieldsV1: {f:status: {}}}] | none",
                "[{manager: kubectl}, {manager: y, fieldsV1: {f:spec: none}}] | none",
                "[{manager: headroom-operator, time: '2026-11-30T12:00:00Z', fieldsV1: {f:spec: {f:replicas: {}}}},"
                        + " {manager: argocd, time: '2026-11-30T10:00:00Z', fieldsV1: {f:spec: {f:replicas: {}}}},"
                        + " {manager: kubectl, time: '2026-11-30T11:00:00Z', fieldsV1: {f:spec: {f:replicas: {}}}}] | kubectl",
            })
    void theManagerOfTheReplicasIsTheLastOneThatIsNotTheOperator(String fields, @Nullable String manager) {
        String managed = "---\n" + fields.replace("headroom-operator", DbPerformanceReconciler.FIELD_MANAGER);

        assertThat(WorkloadFacts.replicasManager(Serialization.unmarshal(managed, JsonNode.class))
                        .orElse(null))
                .isEqualTo(manager);
    }

    @Test
    void anotherKindIsNoTarget() {
        assertThatThrownBy(() -> of(new ConfigMap(), null)).hasMessageContaining("no target: ConfigMap");
    }

    private static Target of(HasMetadata workload, @Nullable String container) {
        TargetSpec spec = new TargetSpec(TargetSpec.Kind.DEPLOYMENT, "shop", container);
        return WorkloadFacts.of(workload, spec, List.of(), Optional.empty());
    }

    private static Deployment deployment(String spec) {
        Deployment deployment = Serialization.unmarshal("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: shop, namespace: prod, uid: u, resourceVersion: "3", generation: 4}
                spec: {%s}
                """.formatted(spec.equals("{}") ? "" : spec), Deployment.class);
        if (deployment.getSpec().getTemplate() == null) {
            deployment
                    .getSpec()
                    .setTemplate(Serialization.unmarshal("spec: {containers: [{name: app}]}", PodTemplateSpec.class));
        }
        return deployment;
    }
}
