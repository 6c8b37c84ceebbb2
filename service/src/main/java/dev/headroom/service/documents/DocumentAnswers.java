package dev.headroom.service.documents;

import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.statement.Query;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Answers the endpoints whose source is documents by looking at them: what is kept, and how long, is the cache's. */
public final class DocumentAnswers {
    private static final System.Logger LOG = System.getLogger(DocumentAnswers.class.getName());

    private final Database database;
    private final DocumentsSettings settings;
    private final InstantSource clock;
    private final Map<String, SharedScan> scans = new ConcurrentHashMap<>();

    public DocumentAnswers(Database database, DocumentsSettings settings, InstantSource clock) {
        this.database = database;
        this.settings = settings;
        this.clock = clock;
    }

    /** JSON in UTF-8, as the files are after this was called. The endpoint's source must be a {@link DocumentsSource}. */
    public byte[] answer(Endpoint endpoint) {
        return scans.computeIfAbsent(endpoint.name(), name -> scan((DocumentsSource) endpoint.source(), name))
                .get();
    }

    private SharedScan scan(DocumentsSource source, String name) {
        DocumentScan scan = new DocumentScan(source.shape(), settings, clock);
        Query roots = source.roots().query(name);
        return new SharedScan(() -> make(name, source, scan, roots));
    }

    private byte[] make(String name, DocumentsSource source, DocumentScan scan, Query roots) {
        long began = System.nanoTime();
        List<Repository> repositories =
                database
                        .rows(roots, row -> Optional.ofNullable(repository(row.getString(1), row.getString(2))))
                        .stream()
                        .flatMap(Optional::stream)
                        .toList();
        DocumentScan.Result result = scan.scan(repositories);
        LOG.log(
                Level.DEBUG,
                () -> "%s: %d repositories, %d files seen, %d read, %d documents, %d mistakes in %d ms"
                        .formatted(
                                name,
                                repositories.size(),
                                result.seen(),
                                result.read(),
                                result.documents().size(),
                                result.mistakes().size(),
                                (System.nanoTime() - began) / 1_000_000));
        return DocumentsJson.of(source.shape(), result);
    }

    private static @Nullable Repository repository(@Nullable String name, @Nullable String localPath) {
        return name == null || localPath == null || localPath.isBlank() ? null : new Repository(name, localPath);
    }
}
