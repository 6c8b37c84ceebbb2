package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.operator.crd.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunbooksTest {

    private static final Path PAGES = Path.of("../docs/runbooks");

    @Test
    void everyReasonHasItsPageAndEveryPageItsReason() throws IOException {
        List<String> reasons =
                Arrays.stream(Reason.values()).map(reason -> reason + ".md").toList();

        try (var pages = Files.list(PAGES)) {
            assertThat(pages.filter(Files::isRegularFile) // the folder service is about outages of the service
                            .map(page -> page.getFileName().toString())
                            .filter(page -> !page.equals("README.md")))
                    .containsExactlyInAnyOrderElementsOf(reasons);
        }
    }
}
