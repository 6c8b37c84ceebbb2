package dev.headroom.charts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The settings that the programs have, by the references in docs: tests of the programs hold these against their code. */
final class SettingsReference {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\|");

    private SettingsReference() {}

    /** As arguments: {@code --log-level}. */
    static List<String> operator() {
        return rows(Path.of("../docs/reference/operator-settings.md"));
    }

    /** By key: {@code server.port}, and {@code catalogs.<catalog>.schema}. */
    static List<String> service() {
        return rows(Path.of("../docs/settings.md"));
    }

    private static List<String> rows(Path reference) {
        try {
            List<String> rows = ROW.matcher(Files.readString(reference))
                    .results()
                    .map((MatchResult row) -> row.group(1))
                    .toList();
            if (rows.size() < 5) {
                throw new AssertionError(reference + " has no table of settings any more");
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
