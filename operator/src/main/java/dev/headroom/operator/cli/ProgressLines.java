package dev.headroom.operator.cli;

import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.concern.Section;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.IndexStatus;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A line whenever something is other than it was. */
final class ProgressLines {

    private final PrintWriter out;
    private final Map<String, String> last = new HashMap<>();

    ProgressLines(PrintWriter out) {
        this.out = out;
    }

    void print(DbPerformance resource, ConcernOutcome outcome) {
        String name = resource.getMetadata().getName();
        outcome.notices().forEach(notice -> changed(name + " " + notice.reason() + notice.message(), notice.message()));
        if (outcome.report() != null) {
            switch (outcome.report().section()) {
                case Section.Indexes found ->
                    found.indexes()
                            .forEach(index -> changed(name + "/" + index.name(), index.name() + "  " + line(index)));
            }
        }
        changed(
                name + " " + outcome.condition(),
                name + ": " + outcome.verdict().reason() + ": "
                        + outcome.verdict().message());
    }

    private static String line(IndexStatus index) {
        return Stream.of(
                        index.state().name().toLowerCase(java.util.Locale.ROOT),
                        index.progress(),
                        index.blockedBy() == null ? null : "waits for " + index.blockedBy(),
                        index.size(),
                        index.message())
                .filter(Objects::nonNull)
                .collect(Collectors.joining("  "));
    }

    private void changed(String key, String line) {
        if (!line.equals(last.put(key, line))) {
            out.println(line);
        }
    }
}
