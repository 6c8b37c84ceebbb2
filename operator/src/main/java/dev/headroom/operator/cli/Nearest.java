package dev.headroom.operator.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The name that was probably meant. */
final class Nearest {

    private Nearest() {}

    static Optional<String> to(String name, List<String> names) {
        int furthest = Math.max(1, name.length() / 3);
        return names.stream()
                .filter(candidate -> distance(name, candidate) <= furthest)
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
    }

    /** Insertions, deletions and replacements from one to the other; upper and lower case are the same. */
    private static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
