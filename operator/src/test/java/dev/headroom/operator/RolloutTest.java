package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.DeploymentPlayer.Rollout;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
                    # replicas, maxSurge, maxUnavailable, most, fewest
                    4,  25%,  25%,  5,  3
                    2,  25%,  25%,  3,  2
                    10, 3,    0,    13, 10
                    3,  0,    0,    3,  2
                    3,  0,    100%, 3,  0
                    0,  25%,  25%,  0,  0
                    """)
    void thereAreNeverMorePodsNorFewerReadyOnesThanTheStrategyAllows(
            int replicas, String surge, String unavailable, int most, int fewest) {
        Rollout rollout = Rollout.of(deployment(replicas, surge, unavailable));
        assertThat(rollout).isEqualTo(new Rollout(replicas, most, fewest));
    }

    @ParameterizedTest
    @CsvSource({"4, 25%, 25%", "1, 25%, 25%", "3, 0, 0", "5, 100%, 0", "7, 0, 3"})
    void everyRolloutEnds(int replicas, String surge, String unavailable) {
        Rollout rollout = Rollout.of(deployment(replicas, surge, unavailable));
        int current = 0;
        int outdated = replicas;
        for (int pass = 0; pass < 2 * replicas + 2; pass++) {
            outdated -= rollout.toRemove(outdated, outdated + current);
            assertThat(outdated + current).isGreaterThanOrEqualTo(rollout.fewest());
            current += rollout.toCreate(current, outdated);
            assertThat(outdated + current).isLessThanOrEqualTo(rollout.most());
        }
        assertThat(current).isEqualTo(replicas);
        assertThat(outdated).isZero();
    }

    private static Deployment deployment(int replicas, String surge, String unavailable) {
        return new DeploymentBuilder()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxSurge(number(surge))
                .withMaxUnavailable(number(unavailable))
                .endRollingUpdate()
                .endStrategy()
                .endSpec()
                .build();
    }

    private static IntOrString number(String text) {
        return new IntOrString(text.endsWith("%") ? text : (Object) Integer.valueOf(text));
    }
}
