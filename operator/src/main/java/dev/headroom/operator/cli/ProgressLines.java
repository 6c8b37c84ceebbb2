package dev.headroom.operator.cli;

import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.concern.Section;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.support.VisibleText;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A line whenever an index is other than it was, and one about the whole when nothing more will happen, or nothing can be seen. */
final class ProgressLines {

    private final PrintWriter out;
    private final Map<String, String> last = new HashMap<>();

    ProgressLines(PrintWriter out) {
        this.out = out;
    }

    void print(DbPerformance resource, ConcernOutcome outcome) {
        String name = resource.getMetadata().getName();
        if (outcome.report() != null) {
            switch (outcome.report().section()) {
                case Section.Indexes found ->
                    found.indexes().forEach(index -> changed(name + "/" + index.name(), line(index)));
            }
        }
        if (outcome.report() != null && !outcome.report().settled()) {
            return;
        }
        changed(
                name + " " + outcome.condition(),
                name + ": " + outcome.verdict().reason() + ": "
                        + outcome.verdict().message());
    }

    static String line(IndexStatus index) {
        return index.name() + "  "
                + Stream.of(
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
            out.println(VisibleText.of(line));
        }
    }
}
