package dev.headroom.insight.findings;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A name for an index that nobody has named yet: {@code ix_<table>_<columns>}, as PostgreSQL could store it. */
final class IndexName {
    private static final int LONGEST = 63;
    /** Room for a suffix that tells apart what had to be cut or was taken. */
    private static final int SUFFIX = 9;

    private IndexName() {}

    static String of(String table, List<String> columns, Set<String> taken) {
        String wanted = "ix_" + table + "_" + String.join("_", columns);
        if (bytes(wanted) > LONGEST) {
            String told = String.format(Locale.ROOT, "_%08x", wanted.hashCode());
            wanted = cut(wanted, LONGEST - SUFFIX) + told;
        }
        String free = wanted;
        for (int i = 2; taken.contains(free); i++) {
            free = cut(wanted, LONGEST - SUFFIX) + "_" + i;
        }
        return free;
    }

    private static String cut(String text, int bytes) {
        String cut = text;
        while (bytes(cut) > bytes) {
            cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
        }
        return cut;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
