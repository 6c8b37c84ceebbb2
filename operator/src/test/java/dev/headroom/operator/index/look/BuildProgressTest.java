package dev.headroom.operator.index.look;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.index.look.Preflight.Blocker;
import java.util.List;
import org.junit.jupiter.api.Test;

class BuildProgressTest {
    private static final List<String> PHASES = List.of(
            "initializing",
            "waiting for writers before build",
            "building index: scanning table",
            "building index: sorting live tuples",
            "building index: loading tuples in tree",
            "waiting for writers before validation",
            "index validation: scanning index",
            "index validation: sorting tuples",
            "index validation: scanning table",
            "waiting for old snapshots");

    @Test
    void thePercentageNeverGoesBack() {
        int last = 0;
        for (String phase : PHASES) {
            for (int done = 0; done <= 10; done++) {
                int percent = new BuildProgress(1, 2, phase, done, 10, null).percent();
                assertThat(percent).as(phase).isBetween(last, 100);
                last = percent;
            }
        }
        assertThat(last).isEqualTo(99);
    }

    @Test
    void theTextSaysPhaseShareAndWhoIsWaitedFor() {
        assertThat(new BuildProgress(1, 2, "building index: scanning table", 5, 10, null).text())
                .isEqualTo("20 %: building index: scanning table");
        assertThat(new BuildProgress(1, 2, "waiting for old snapshots", 0, 1, 77).text())
                .isEqualTo("98 %: waiting for old snapshots, for pid 77");
    }

    @Test
    void aBlockersStatementIsRecognisableAndItsValuesAreNot() {
        assertThat(Blocker.masked("update  users\n set password = 'it''s secret' where id = 4711"))
                .isEqualTo("update users set password = ? where id = ?");
        assertThat(Blocker.masked("select 'never closed")).isEqualTo("select ?");
    }
}
