package dev.headroom.operator.capacity.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The runs as Markdown: means over the seeds for each trace and scaler, then sums and their ratios to HPA on CPU. */
final class Report {
    private static final String REFERENCE = "hpa-cpu";

    private final List<Result> results;

    Report(List<Result> results) {
        this.results = List.copyOf(results);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append("| trace | scaler | violation s | replica-s | changes | oscillations | added while database-bound |"
                + " connections, peak | s over budget | good requests | good while database-bound |\n"
                + "|---|---|---|---|---|---|---|---|---|---|---|\n");
        for (String trace : distinct(Result::trace)) {
            for (String scaler : distinct(Result::scaler)) {
                row(text, trace, of(trace, scaler));
            }
        }
        List<String> compared = distinct(Result::trace).stream()
                .filter(trace -> !Traces.NAMES.contains(trace) || Traces.COMPARED.contains(trace))
                .toList();
        text.append("\nSums over ")
                .append(String.join(", ", compared))
                .append(", ÷ those of ")
                .append(REFERENCE)
                .append(":\n\n| scaler | violation s | replica-s | changes |\n|---|---|---|---|\n");
        List<Result> reference = sum(compared, REFERENCE);
        for (String scaler : distinct(Result::scaler)) {
            List<Result> own = sum(compared, scaler);
            if (!reference.isEmpty()) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %.2f | %.2f | %.1f |%n",
                        scaler,
                        ratio(own, reference, each -> each.score().violationSeconds),
                        ratio(own, reference, each -> each.score().replicaSeconds),
                        ratio(own, reference, each -> each.score().changes)));
            }
        }
        text.append(String.format(
                Locale.ROOT,
                "%n%d runs, %.1f s each on average.%n",
                results.size(),
                mean(results, Result::tookSeconds)));
        return text.toString();
    }

    private static void row(StringBuilder text, String trace, List<Result> runs) {
        if (runs.isEmpty()) {
            return;
        }
        text.append(String.format(
                Locale.ROOT,
                "| %s | %s | %.0f | %.0f | %.1f | %.1f | %.1f | %.0f | %.0f | %.0f | %.0f |%n",
                trace,
                runs.getFirst().scaler(),
                mean(runs, each -> each.score().violationSeconds),
                mean(runs, each -> each.score().replicaSeconds),
                mean(runs, each -> each.score().changes),
                mean(runs, each -> each.score().oscillations),
                mean(runs, each -> each.score().databaseBoundAdds),
                runs.stream()
                                .mapToInt(each -> each.score().peakConnections)
                                .max()
                                .orElse(0)
                        * 1.0,
                mean(runs, each -> each.score().budgetExceeded),
                mean(runs, each -> (double) each.score().good),
                mean(runs, each -> (double) each.score().databaseBoundGood)));
    }

    private List<Result> of(String trace, String scaler) {
        return results.stream()
                .filter(each -> each.trace().equals(trace) && each.scaler().equals(scaler))
                .toList();
    }

    private List<Result> sum(List<String> traces, String scaler) {
        List<Result> all = new ArrayList<>();
        traces.forEach(trace -> all.addAll(of(trace, scaler)));
        return all;
    }

    private List<String> distinct(java.util.function.Function<Result, String> of) {
        return results.stream().map(of).distinct().toList();
    }

    private static double ratio(List<Result> own, List<Result> reference, ToDoubleFunction<Result> value) {
        return own.stream().mapToDouble(value).sum()
                / Math.max(reference.stream().mapToDouble(value).sum(), 1);
    }

    private static double mean(List<Result> runs, ToDoubleFunction<Result> value) {
        return runs.stream().mapToDouble(value).average().orElse(0);
    }
}
