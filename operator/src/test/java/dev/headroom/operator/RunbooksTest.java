package dev.headroom.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every reason that a condition can give has its page, and every page is about a reason that exists. */
class RunbooksTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path PAGES = Path.of("../docs/runbooks");

    /** Where reasons are made: verdicts, failures of access, unusable secrets, states of indexes. */
    private static final Pattern REASON = Pattern.compile(
            "(?:Verdict\\.\\w+|AccessFailure|Unusable|blind|concern\\.condition\\(\\),)"
                    + "[^\"]{0,60}\"([A-Z][A-Za-z]+)\"|State\\.\\w+, \"([A-Z][A-Za-z]+)\"|worst\\.truth\\(\\),\\s*\"([A-Z][A-Za-z]+)\"");

    @Test
    void everyReasonHasItsRunbook_andEveryRunbookItsReason() throws IOException {
        assertThat(pages()).containsExactlyInAnyOrderElementsOf(reasons());
    }

    private static Set<String> reasons() throws IOException {
        Set<String> reasons = new TreeSet<>();
        try (var files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".java")).toList()) {
                Matcher reason = REASON.matcher(Files.readString(file));
                while (reason.find()) {
                    for (int group = 1; group <= 3; group++) {
                        if (reason.group(group) != null) {
                            reasons.add(reason.group(group));
                        }
                    }
                }
            }
        }
        return reasons;
    }

    private static Set<String> pages() throws IOException {
        Set<String> pages = new TreeSet<>();
        try (var files = Files.list(PAGES)) {
            files.map(page -> page.getFileName().toString())
                    .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
                    .forEach(name -> pages.add(name.substring(0, name.length() - 3)));
        }
        return pages;
    }
}
