package dev.headroom.testkit.tutorial;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Compares what was printed with what a tutorial shows, line by line. These may differ, and nothing else:
 *
 * <ul>
 *   <li>a line {@code …} stands for any number of lines, {@code …} within a line for any text;
 *   <li>ids of requests, times and ages, what is left of a time to live, sizes in kB and MB;
 *   <li>spaces at the end of a line.
 * </ul>
 *
 * Ports are not its business: {@link TutorialShell} gives those of the tutorial back.
 */
final class ExpectedOutput {
    private static final String ANYTHING = "…";

    /** What differs from run to run, and what stands for it. */
    private static final Map<Pattern, String> VARYING = Map.of(
            Pattern.compile("\"request_id\":\"[0-9a-f]{32}\""), "\"request_id\":\"ID\"",
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+(Z|[+-]\\d{4})"), "TIME",
            Pattern.compile("\\bttl=\\d+"), "ttl=SECONDS",
            Pattern.compile("\\b\\d+(\\.\\d)? (bytes|kB|MB)\\b"), "SIZE",
            Pattern.compile("\\b\\d+s$"), "AGE");

    private ExpectedOutput() {}

    static boolean matches(String expected, String printed) {
        return match(lines(expected), lines(printed));
    }

    private static List<String> lines(String text) {
        return text.lines().map(ExpectedOutput::comparable).toList();
    }

    private static String comparable(String line) {
        String same = line.stripTrailing();
        for (Map.Entry<Pattern, String> each : VARYING.entrySet()) {
            same = each.getKey().matcher(same).replaceAll(each.getValue());
        }
        return same;
    }

    private static boolean match(List<String> expected, List<String> printed) {
        if (expected.isEmpty()) {
            return printed.isEmpty();
        }
        List<String> rest = expected.subList(1, expected.size());
        if (expected.getFirst().equals(ANYTHING)) {
            return match(rest, printed) || (!printed.isEmpty() && match(expected, printed.subList(1, printed.size())));
        }
        return !printed.isEmpty()
                && like(expected.getFirst()).matcher(printed.getFirst()).matches()
                && match(rest, printed.subList(1, printed.size()));
    }

    private static Pattern like(String line) {
        return Pattern.compile("\\Q" + line.replace(ANYTHING, "\\E.*\\Q") + "\\E");
    }
}
