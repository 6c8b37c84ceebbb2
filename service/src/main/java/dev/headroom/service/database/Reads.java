package dev.headroom.service.database;

import org.jspecify.annotations.Nullable;

/** Where a read goes: to the replica while that is well, to the primary otherwise; never an error because of a replica. */
final class Reads implements AutoCloseable {

    private static final ScopedValue<Boolean> ON_PRIMARY = ScopedValue.newInstance();

    /** A replica that has to catch up cancels what stands in its way. */
    private static final String SERIALIZATION_FAILURE = "40001";

    private final MeasuredPool primary;
    private final @Nullable Replica replica;

    private record Replica(MeasuredPool pool, ReplicaWatch watch) {}

    Reads(MeasuredPool primary, DatabaseSettings settings, StatementWatch watch) {
        this.primary = primary;
        this.replica =
                settings.replica().map(it -> replica(it, settings, watch)).orElse(null);
    }

    private static Replica replica(ReplicaSettings replica, DatabaseSettings settings, StatementWatch watch) {
        Connecting connecting = Connecting.pooled(settings, replica.url());
        PoolSettings size =
                settings.pool().withAcquireTimeout(replica.acquireTimeout()).withQueueTimeout(replica.acquireTimeout());
        MeasuredPool pool = new MeasuredPool("replica", connecting, settings, size, watch);
        pool.rest();
        return new Replica(
                pool,
                new ReplicaWatch(
                        connecting,
                        replica,
                        () -> {
                            pool.rest();
                            pool.abandon();
                        },
                        pool::wake));
    }

    static <T, X extends Throwable> T onPrimary(ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(ON_PRIMARY, true).call(work);
    }

    <T> T run(Query query, ResultReader<T> reader) {
        Replica other = replica;
        if (other == null || ON_PRIMARY.isBound() || !other.watch.usable()) {
            return primary.run(query, reader);
        }
        try {
            return other.pool.run(query, reader);
        } catch (DatabaseUnavailable e) {
            other.watch.failed();
        } catch (PoolBusy | PoolExhausted e) {
            // Busy, not broken: this read goes to the primary, the next may find it free.
        } catch (StatementFailed e) {
            if (!SERIALIZATION_FAILURE.equals(e.sqlState())) {
                throw e;
            }
        }
        return primary.run(query, reader);
    }

    @Nullable
    MeasuredPool replicaPool() {
        return replica == null ? null : replica.pool;
    }

    boolean replicaInUse() {
        return replica != null && replica.watch.usable();
    }

    @Override
    public void close() {
        if (replica != null) {
            replica.watch.close();
            replica.pool.close();
        }
    }
}
