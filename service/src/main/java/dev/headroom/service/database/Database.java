package dev.headroom.service.database;

import dev.headroom.service.database.json.JsonBuffer;
import dev.headroom.service.database.json.JsonRows;
import dev.headroom.service.database.json.JsonTypes;
import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;
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
    private final MeasuredPool primary;
    private final DirectConnections direct;
    private final DbClient client;
    private final JsonTypes types = new JsonTypes();

    public Database(DatabaseSettings settings) {
        this.watch = new StatementWatch(settings.watch(), InstantSource.system());
        this.primary = new MeasuredPool("primary", Connecting.pooled(settings, settings.url()), settings, watch);
        this.direct = new DirectConnections(Connecting.direct(settings));
        this.client = JdbcClientBuilder.create().connectionPool(primary).build();
    }

    /** All rows as one JSON array of objects, in UTF-8. */
    public byte[] list(Query query) {
        return primary.run(query, rows -> {
            JsonBuffer out = new JsonBuffer(16 * 1024);
            JsonRows.of(rows, types).array(out);
            return out.toByteArray();
        });
    }

    /** The first row as one JSON object; nothing when there is no row. */
    public Optional<byte[]> object(Query query) {
        return primary.run(query, rows -> {
            JsonBuffer out = new JsonBuffer(1024);
            return JsonRows.of(rows, types).object(out) ? Optional.of(out.toByteArray()) : Optional.empty();
        });
    }

    /** The first column of the first row: the JSON that the statement built; nothing when there is no row or it is null. */
    public Optional<byte[]> document(Query query) {
        return primary.run(query, rows -> {
            JsonBuffer out = new JsonBuffer(16 * 1024);
            return JsonRows.of(rows, types).document(out) ? Optional.of(out.toByteArray()) : Optional.empty();
        });
    }

    /** For our own reads: each row as a record. */
    public <T> List<T> rows(Query query, RowReader<T> reader) {
        return primary.run(query, rows -> {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(reader.read(rows));
            }
            return all;
        });
    }

    /**
     * What a statement gives and takes, by preparing it without running it.
     *
     * @throws StatementInvalid when the server refuses it
     */
    public StatementDescription describe(String sql) {
        return primary.describe(sql);
    }

    /** Connections with a session of their own, past PgBouncer, not pooled: for Flyway and LISTEN. */
    public DataSource direct() {
        return direct;
    }

    /** Helidon's client over the measured pool, for reads of row objects. */
    public DbClient client() {
        return client;
    }

    public MeasuredPool pool() {
        return primary;
    }

    public StatementMetrics metrics() {
        return watch.metrics();
    }

    public SlowStatements slowStatements() {
        return watch.slow();
    }

    @Override
    public void close() {
        primary.close();
    }
}
