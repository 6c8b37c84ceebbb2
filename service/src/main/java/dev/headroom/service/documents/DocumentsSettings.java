package dev.headroom.service.documents;

import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.service.settings.SettingsSection;
import io.helidon.config.Config;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which directories may be read at all, and how much of them.
 *
 * @param roots nothing outside of these is read, whatever the database says
 * @param maxFileSize in bytes; a larger file is listed among the errors
 * @param maxFiles documents in all; those beyond are listed as one error for each repository
 * @param maxEntries names looked at in one repository
 * @param parallel files read at once
 */
public record DocumentsSettings(List<Path> roots, int maxFileSize, int maxFiles, int maxEntries, int parallel) {
    public DocumentsSettings {
        roots = List.copyOf(roots);
    }

    public static DocumentsSettings from(Config config, SettingsProblems problems) {
        SettingsSection documents = new SettingsSection(config.get("documents"), problems);
        return new DocumentsSettings(
                documents.list("roots", List.of()).stream()
                        .map(root -> root(root, documents))
                        .filter(Objects::nonNull)
                        .toList(),
                documents.bytes("max-file-size", 1 << 20, 1 << 10, 64 << 20),
                documents.integer("max-files", 50_000, 1, 10_000_000),
                documents.integer("max-entries", 1_000_000, 1, 100_000_000),
                documents.integer("parallel", 8, 1, 256));
    }

    /** These directories, and the standards for everything else. */
    public static DocumentsSettings of(Path... roots) {
        return new DocumentsSettings(List.of(roots), 1 << 20, 50_000, 1_000_000, 8);
    }

    private static @Nullable Path root(String text, SettingsSection documents) {
        try {
            Path root = Path.of(text);
            if (root.isAbsolute()) {
                return root;
            }
        } catch (InvalidPathException notOne) {
            if (text.indexOf('\0') < 0) {
                documents.problem("roots", "\"" + text + "\" " + Confinement.FOREIGN);
                return null;
            }
        }
        documents.problem("roots", "expected absolute paths of directories, got \"" + text + "\"");
        return null;
    }
}
