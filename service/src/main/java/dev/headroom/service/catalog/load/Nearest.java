package dev.headroom.service.catalog.load;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean …?": the known word nearest to one that is unknown. */
public final class Nearest {
    private Nearest() {}

    /** A hint for an unknown word: the word that was meant, or all there are. */
    public static String hint(String word, Collection<String> known) {
        return among(word, known)
                .map(nearest -> "did you mean '" + nearest + "'?")
                .orElseGet(() -> known.isEmpty() ? "there is none" : "known: " + String.join(", ", known));
    }

    /** The known word that was probably meant, if one is near enough. */
    public static Optional<String> among(String word, Collection<String> known) {
        int most = word.length() <= 3 ? 1 : Math.max(2, word.length() / 3);
        return known.stream()
                .filter(each -> distance(word, each) <= most)
                .min(Comparator.comparingInt(each -> distance(word, each)));
    }

    /** Levenshtein's distance, without regard to case. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
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
