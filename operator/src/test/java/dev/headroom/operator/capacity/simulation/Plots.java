package dev.headroom.operator.capacity.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A small SVG for each trace: the load as an area, the pods of each scaler as a line, violations below it in its colour. */
final class Plots {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 200;
    private static final int LEFT = 34;
    private static final int TOP = 22;
    private static final int STEP_SECONDS = 15;
    private static final List<String> COLOURS = List.of("#0b7285", "#e8590c", "#7048e8", "#2f9e44", "#868e96");

    private Plots() {}

    /** Draws the runs of the first seed. */
    static void write(List<Result> results, Path folder) throws IOException {
        Files.createDirectories(folder);
        long seed = results.getFirst().seed();
        for (String trace : results.stream().map(Result::trace).distinct().toList()) {
            List<Result> runs = results.stream()
                    .filter(each -> each.trace().equals(trace) && each.seed() == seed)
                    .toList();
            Files.writeString(folder.resolve("scaling-" + trace + ".svg"), plot(trace, runs));
        }
    }

    private static String plot(String trace, List<Result> runs) {
        int seconds = runs.getFirst().score().pods.length - 1;
        double most = 1;
        double busiest = 1;
        for (Result run : runs) {
            for (int at = 0; at < seconds; at++) {
                most = Math.max(most, run.score().pods[at]);
                busiest = Math.max(busiest, run.score().requests[at]);
            }
        }
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">%n"
                        + "<rect width=\"%1$d\" height=\"%2$d\" fill=\"white\"/>%n",
                WIDTH,
                HEIGHT + TOP + 14 * runs.size()));
        svg.append("<text x=\"2\" y=\"14\">pods</text>\n");
        load(svg, runs.getFirst().score(), seconds, busiest);
        for (int line = 0; line < runs.size(); line++) {
            pods(svg, runs.get(line), line, seconds, most);
        }
        for (double pods : new double[] {0, Math.floor(most / 2), most}) {
            svg.append(String.format(
                    Locale.ROOT, "<text x=\"4\" y=\"%.0f\">%.0f</text>%n", TOP + HEIGHT * (1 - pods / most) + 4, pods));
        }
        return svg.append("<title>").append(trace).append("</title>\n</svg>\n").toString();
    }

    private static double x(int at, int seconds) {
        return LEFT + (WIDTH - LEFT - 4.0) * at / seconds;
    }

    private static void load(StringBuilder svg, Score score, int seconds, double busiest) {
        svg.append("<path fill=\"#e9ecef\" d=\"M").append(LEFT).append(' ').append(TOP + HEIGHT);
        for (int at = 0; at + STEP_SECONDS <= seconds; at += STEP_SECONDS) {
            double sum = 0;
            for (int i = 0; i < STEP_SECONDS; i++) {
                sum += score.requests[at + i];
            }
            double y = TOP + HEIGHT * (1 - sum / STEP_SECONDS / busiest);
            svg.append(String.format(Locale.ROOT, "L%.0f %.0f", x(at, seconds), y));
        }
        svg.append(String.format(Locale.ROOT, "L%d %dZ\"/>%n", WIDTH - 4, TOP + HEIGHT));
    }

    private static void pods(StringBuilder svg, Result run, int line, int seconds, double most) {
        String colour = COLOURS.get(line % COLOURS.size());
        svg.append("<path fill=\"none\" stroke=\"").append(colour).append("\" stroke-width=\"1.5\" d=\"");
        int last = -1;
        for (int at = 0; at < seconds; at++) {
            int pods = run.score().pods[at];
            if (pods != last) {
                double y = TOP + HEIGHT * (1 - pods / most);
                svg.append(String.format(Locale.ROOT, last < 0 ? "M%.1f %.1f" : "H%.1fV%.1f", x(at, seconds), y));
                last = pods;
            }
        }
        svg.append(String.format(Locale.ROOT, "H%d\"/>%n", WIDTH - 4));
        double y = TOP + HEIGHT + 12.0 + 14 * line;
        svg.append("<path stroke=\"").append(colour).append("\" stroke-width=\"6\" d=\"");
        for (int at = 0; at < seconds; at++) {
            if (run.score().violated[at] && (at == 0 || !run.score().violated[at - 1])) {
                int until = at;
                while (until < seconds && run.score().violated[until]) {
                    until++;
                }
                svg.append(String.format(
                        Locale.ROOT,
                        "M%.1f %.0fH%.1f",
                        x(at, seconds),
                        y - 3,
                        Math.max(x(until, seconds), x(at, seconds) + 1)));
            }
        }
        svg.append(String.format(
                Locale.ROOT,
                "\"/>%n<text x=\"%d\" y=\"14\" fill=\"%s\">%s: %d s late, %.0f replica-s</text>%n",
                LEFT + 20 + 300 * line,
                colour,
                run.scaler(),
                run.score().violationSeconds,
                run.score().replicaSeconds));
    }
}
