package dev.headroom.service.database;

import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.database.json.JsonBuffer;
import dev.headroom.service.database.json.JsonBuffers;
import dev.headroom.service.database.json.JsonRows;
import dev.headroom.service.database.json.JsonTypes;
import dev.headroom.service.database.json.TypeChanged;
import dev.headroom.service.database.pool.Describe;
import dev.headroom.service.database.pool.MeasuredPool;
import dev.headroom.service.database.pool.PoolSizeFile;
import dev.headroom.service.database.profile.SlowStatements;
import dev.headroom.service.database.profile.StatementMetrics;
import dev.headroom.service.database.profile.StatementWatch;
import dev.headroom.service.database.replica.Reads;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.settings.PoolSettings;
import dev.headroom.service.database.statement.ConnectionReading;
import dev.headroom.service.database.statement.Query;
import dev.headroom.service.database.statement.RowReader;
import dev.headroom.service.database.statement.StatementDescription;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Statements in, JSON or records out. Every method throws a {@link DatabaseFailure} and nothing else when there is no
 * answer, and holds no connection after it returns.
 */
public final class Database implements AutoCloseable {

    private final StatementWatch watch;
    private final Optional<PoolSizeFile> sizeFile;
    private final MeasuredPool primary;
    private final Reads reads;
    private final PostgresConnector direct;
    private final boolean sessionless;
    private final JsonTypes types = new JsonTypes();
    private final JsonBuffers buffers = new JsonBuffers();

    public Database(DatabaseSettings settings) {
        this.watch = new StatementWatch(settings.watch(), InstantSource.system());
        this.sessionless = settings.pgbouncer();
        this.sizeFile = settings.pool().sizeFile().map(PoolSizeFile::new);
        PoolSettings pool = sizeFile.flatMap(PoolSizeFile::first)
                .map(settings.pool()::withSize)
                .orElse(settings.pool());
        this.primary = new MeasuredPool("primary", PostgresConnector.primary(settings), settings, pool, watch);
        sizeFile.ifPresent(file -> file.watch(primary::resize));
        this.reads = new Reads(primary, settings, watch);
        this.direct = PostgresConnector.direct(settings);
    }

    /** All rows as one JSON array of objects, in UTF-8. */
    public byte[] list(Query query) {
        return json(query, (rows, out) -> {
                    rows.array(out);
                    return true;
                })
                .orElseThrow();
    }

    /** The first row as one JSON object; nothing when there is no row. */
    public Optional<byte[]> object(Query query) {
        return json(query, JsonRows::object);
    }

    /** The first column of the first row: the JSON that the statement built; nothing when there is no row or it is null. */
    public Optional<byte[]> document(Query query) {
        return json(query, JsonRows::document);
    }

    private interface JsonWriting {
        boolean write(JsonRows rows, JsonBuffer out) throws SQLException;
    }

    private Optional<byte[]> json(Query query, JsonWriting writing) {
        try {
            return written(query, writing);
        } catch (TypeChanged altered) {
            types.forget();
            return written(query, writing);
        }
    }

    private Optional<byte[]> written(Query query, JsonWriting writing) {
        JsonBuffer out = buffers.take();
        try {
            return reads.run(query, rows -> {
                out.clear();
                return writing.write(JsonRows.of(query.sql(), rows, types), out)
                        ? Optional.of(out.toByteArray())
                        : Optional.empty();
            });
        } finally {
            buffers.giveBack(out);
        }
    }

    /** For our own reads, on the primary: each row as a record. */
    public <T> List<T> rows(Query query, RowReader<T> reader) {
        return primary.run(query, rows -> {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(reader.read(rows));
            }
            return all;
        });
    }

    /** For reads of statistics that come with statements of their own, on the primary; measured as one statement. */
    public <T> T reading(String name, ConnectionReading<T> reading) {
        return primary.reading(name, reading);
    }

    /** Does some work whose reads must see the newest commit: none of them goes to a replica. */
    public <T, X extends Throwable> T onPrimary(ScopedValue.CallableOp<T, X> work) throws X {
        return Reads.onPrimary(work);
    }

    /**
     * What a statement gives and takes, by preparing it without running it. The driver asks more than once about what it
     * has prepared, so behind PgBouncer this goes past it.
     *
     * @throws StatementInvalid when the server refuses it
     */
    public StatementDescription describe(String sql) {
        return sessionless ? Describe.over(direct, sql) : primary.describe(sql);
    }

    /** Connections with a session of their own, past PgBouncer, not pooled and not read-only: for Flyway and LISTEN. */
    public DataSource direct() {
        return direct.dataSource();
    }

    /** The primary's pool. */
    public MeasuredPool pool() {
        return primary;
    }

    /** The generation of the published pool size that is in force; nothing without {@code database.pool.size-file}. */
    public Optional<Long> poolGeneration() {
        return sizeFile.flatMap(PoolSizeFile::generation);
    }

    /** The replica's pool; nothing without {@code database.replica.url}. */
    public Optional<MeasuredPool> replicaPool() {
        return Optional.ofNullable(reads.replicaPool());
    }

    /** Calls that wait for their turn at a pool. */
    public int queued() {
        return primary.queued() + replicaPool().map(MeasuredPool::queued).orElse(0);
    }

    /** Whether reads go to the replica at the moment. */
    public boolean replicaInUse() {
        return reads.replicaInUse();
    }

    public StatementMetrics metrics() {
        return watch.metrics();
    }

    public SlowStatements slowStatements() {
        return watch.slow();
    }

    @Override
    public void close() {
        sizeFile.ifPresent(PoolSizeFile::close);
        reads.close();
        primary.close();
        watch.close();
    }
}
