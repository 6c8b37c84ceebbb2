package dev.headroom.service.database.replica;

import dev.headroom.service.database.connection.PostgresConnector;
import dev.headroom.service.database.failure.DatabaseUnavailable;
import dev.headroom.service.database.failure.PoolBusy;
import dev.headroom.service.database.failure.PoolExhausted;
import dev.headroom.service.database.failure.StatementFailed;
import dev.headroom.service.database.pool.MeasuredPool;
import dev.headroom.service.database.profile.StatementWatch;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.database.settings.PoolSettings;
import dev.headroom.service.database.settings.ReplicaSettings;
import dev.headroom.service.database.statement.Query;
import dev.headroom.service.database.statement.ResultReader;
import org.jspecify.annotations.Nullable;

/** Where a read goes: to the replica while that is well, to the primary otherwise; never an error because of a replica. */
public final class Reads implements AutoCloseable {

    private static final ScopedValue<Boolean> ON_PRIMARY = ScopedValue.newInstance();

    /** A replica that has to catch up cancels what stands in its way. */
    private static final String SERIALIZATION_FAILURE = "40001";

    private final MeasuredPool primary;
    private final @Nullable Replica replica;

    private record Replica(MeasuredPool pool, ReplicaWatch watch) {}

    public Reads(MeasuredPool primary, DatabaseSettings settings, StatementWatch watch) {
        this.primary = primary;
        this.replica =
                settings.replica().map(it -> replica(it, settings, watch)).orElse(null);
    }

    private static Replica replica(ReplicaSettings replica, DatabaseSettings settings, StatementWatch watch) {
        PostgresConnector connector = PostgresConnector.replica(settings, replica.url());
        PoolSettings size =
                settings.pool().withAcquireTimeout(replica.acquireTimeout()).withQueueTimeout(replica.acquireTimeout());
        MeasuredPool pool = new MeasuredPool("replica", connector, settings, size, watch);
        pool.abandon();
        return new Replica(pool, new ReplicaWatch(connector, replica, pool::abandon, pool::wake));
    }

    public static <T, X extends Throwable> T onPrimary(ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(ON_PRIMARY, true).call(work);
    }

    public <T> T run(Query query, ResultReader<T> reader) {
        Replica other = replica;
        long period = other == null || ON_PRIMARY.isBound() ? ReplicaState.NONE : other.watch.period();
        if (other == null || period == ReplicaState.NONE) {
            return primary.run(query, reader);
        }
        try {
            return other.pool.run(query, reader);
        } catch (DatabaseUnavailable e) {
            other.watch.failed(period);
        } catch (PoolBusy | PoolExhausted e) {
            // Busy, not broken: this read goes to the primary, the next may find it free.
        } catch (StatementFailed e) {
            if (!SERIALIZATION_FAILURE.equals(e.sqlState())) {
                throw e;
            }
        }
        return primary.run(query, reader);
    }

    public @Nullable MeasuredPool replicaPool() {
        return replica == null ? null : replica.pool;
    }

    public boolean replicaInUse() {
        return replica != null && replica.watch.period() != ReplicaState.NONE;
    }

    @Override
    public void close() {
        if (replica != null) {
            replica.watch.close();
            replica.pool.close();
        }
    }
}
