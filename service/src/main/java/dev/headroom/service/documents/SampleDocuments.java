package dev.headroom.service.documents;

import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.load.CatalogFiles;
import dev.headroom.service.catalog.load.LoadedCatalog;
import dev.headroom.service.database.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Documents beside sample rows: those of the catalog's {@code sample/documents}, once in each repository that the rows
 * name, with the repository's name for <code>{repository}</code>. Only in folders that are not there yet.
 */
public final class SampleDocuments {
    private static final String FOLDER = "sample/documents";

    /** Enough to look at. */
    private static final int MOST_REPOSITORIES = 100;

    private final Database database;
    private final Path root;

    /** Writes below this directory and nowhere else. */
    public SampleDocuments(Database database, Path root) {
        this.database = database;
        this.root = root.normalize();
    }

    /** How many documents were written. */
    public int write(LoadedCatalog catalog) throws IOException {
        int written = 0;
        for (Endpoint endpoint : catalog.catalog().endpoints()) {
            if (endpoint.source() instanceof DocumentsSource source) {
                for (Repository repository : repositories(endpoint.name(), source)) {
                    written += write(catalog.files(), repository);
                }
            }
        }
        return written;
    }

    private List<Repository> repositories(String name, DocumentsSource source) {
        return database
                .rows(
                        source.roots().query(name),
                        row -> new Repository(
                                Objects.requireNonNullElse(row.getString(1), ""),
                                Objects.requireNonNullElse(row.getString(2), "")))
                .stream()
                .filter(repository -> isNew(repository, root))
                .limit(MOST_REPOSITORIES)
                .toList();
    }

    /** Not where the name cannot be written by this process: the rows are there, and nothing can be beside them. */
    static boolean isNew(Repository repository, Path root) {
        try {
            Path folder = Path.of(repository.localPath()).normalize();
            return folder.startsWith(root) && !folder.equals(root) && Files.notExists(folder);
        } catch (InvalidPathException foreign) {
            return false;
        }
    }

    private static int write(CatalogFiles files, Repository repository) throws IOException {
        List<String> names = files.list(FOLDER);
        Path folder = Files.createDirectories(Path.of(repository.localPath()));
        for (String name : names) {
            String text = files.read(FOLDER + "/" + name).orElseThrow();
            Files.writeString(folder.resolve(name), text.replace("{repository}", repository.name()));
        }
        return names.size();
    }
}
