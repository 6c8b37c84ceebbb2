package dev.headroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class SkipSummaryTest {

    /** Run by the test below only: surefire leaves nested classes out. */
    static class NeedsWhatIsNotThere {
        @BeforeAll
        static void skip(TestInfo test) {
            if (test.getTestClass().isPresent()) {
                throw Skipped.because("the moon is not full", "MOON=full");
            }
        }

        @Test
        void first() {}

        @Test
        void second() {}
    }

    @Test
    void theEndOfTheRunSaysWhatWasSkippedWhyAndHowToRunIt() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LauncherFactory.create(LauncherConfig.builder()
                        .enableTestExecutionListenerAutoRegistration(false)
                        .addTestExecutionListeners(
                                new Skipped.Summary(new PrintStream(out, true, StandardCharsets.UTF_8)))
                        .build())
                .execute(LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(NeedsWhatIsNotThere.class))
                        .build());
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualToNormalizingNewlines("\nSKIPPED because the moon is not full: 2 tests; run with MOON=full\n");
    }
}
