package dev.headroom.service.facets;

import dev.headroom.service.catalog.Arguments;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.statement.Query;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What computes the answers of one endpoint: the snapshot that lives behind it, and requests on that. */
public final class Facets implements AutoCloseable {
    private final FacetsSource source;
    private final Latest<Snapshot> latest;

    /** For the endpoint called {@code name}, in logs and of threads. */
    public Facets(String name, FacetsSource source, Database database) {
        this.source = source;
        this.latest = new Latest<>(
                name,
                () -> SnapshotReader.read(database, source),
                () -> source.change().map(query -> version(database, query)),
                source.policy().check(),
                source.policy().refresh());
    }

    /** Begins with the first build, as soon as the tables are there, so that no request has to wait for it. */
    public void start() {
        latest.start();
    }

    private static String version(Database database, Query query) {
        List<String> values = database.rows(query, row -> String.valueOf(row.getString(1)));
        return String.join("", values);
    }

    /**
     * Reads a request, to be answered from the snapshot there is; only before the first one is built does it wait.
     *
     * @param query the request's decoded query parameters, in the order in which they came
     * @param arguments the typed values of the same request; of them, those that page
     * @throws dev.headroom.service.catalog.BadParameter when there are too many groups or values
     * @throws NotBuiltYet when there is no snapshot yet and its build takes longer than a request may wait
     * @throws dev.headroom.service.database.failure.DatabaseFailure when there is no snapshot yet and none can be built
     */
    public FacetRequest request(List<Map.Entry<String, String>> query, Arguments arguments) {
        List<Group> groups = source.groups().read(query);
        Optional<Long> limit = Optional.ofNullable((Long) arguments.get(FacetsSource.LIMIT));
        long offset = arguments.get(FacetsSource.OFFSET) instanceof Long given ? given : 0;
        return new FacetRequest(latest.get(source.policy().patience()), groups, limit, offset);
    }

    /** The data changed: what is served is replaced as soon as that can be. */
    public void invalidate() {
        latest.invalidate();
    }

    /** How many items what is served has. */
    int items() {
        Snapshot there = latest.there();
        return there == null ? 0 : there.size();
    }

    /** Since that was read; without anything, since the beginning. */
    Duration age() {
        return latest.age();
    }

    /** Whether the last build failed, so that what is served stays as it was. */
    boolean isFailing() {
        return latest.isFailing();
    }

    @Override
    public void close() {
        latest.close();
    }
}
