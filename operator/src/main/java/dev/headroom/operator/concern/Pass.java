package dev.headroom.operator.concern;

import dev.headroom.operator.crd.DbPerformanceSpec;
import dev.headroom.operator.crd.Mode;
import dev.headroom.operator.database.DatabaseAccess;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a concern is given for one pass over one resource. The database and the siblings are looked up when a concern asks for
 * them, and once a pass.
 */
public final class Pass {

    private final ResourceView resource;
    private final Surroundings surroundings;
    private final @Nullable Mode forced;
    private final Mode mode;
    private final Runnable progress;

    /**
     * A pass for all concerns.
     *
     * @param forced the mode of every concern, whatever the spec says; null for what the spec says
     */
    public static Pass over(
            ResourceView resource,
            @Nullable Mode forced,
            DatabaseLookup database,
            OtherResources others,
            BooleanSupplier leads,
            Clock clock) {
        return new Pass(resource, new Surroundings(database, others, leads, clock), forced, Mode.OBSERVE, () -> {});
    }

    private Pass(
            ResourceView resource, Surroundings surroundings, @Nullable Mode forced, Mode mode, Runnable progress) {
        this.resource = resource;
        this.surroundings = surroundings;
        this.forced = forced;
        this.mode = mode;
        this.progress = progress;
    }

    /** The same pass for one concern, in its mode and with a wake-up for it alone. */
    public Pass of(Concern<?> concern, Runnable itsProgress) {
        return new Pass(resource, surroundings, forced, forced == null ? concern.mode(spec()) : forced, itsProgress);
    }

    public ResourceView resource() {
        return resource;
    }

    public ResourceId id() {
        return resource.id();
    }

    public DbPerformanceSpec spec() {
        return resource.spec();
    }

    /** The mode in force: Observe also while the resource is paused. */
    public Mode mode() {
        return mode;
    }

    /** Whether something may be changed now: asked anew before each change, since the lease may be lost meanwhile. */
    public boolean mayAct() {
        return mode == Mode.APPLY && surroundings.leads.getAsBoolean();
    }

    /** The way to the resource's database. */
    public DatabaseAccess database() throws NoDatabase {
        return surroundings.database();
    }

    /** The other resources on the same database, without those that are cleaned up already. */
    public List<ResourceView> siblings() {
        return surroundings.siblings();
    }

    /** All other resources, on whatever database. */
    public List<ResourceView> others() {
        return surroundings.others.all();
    }

    /** The resources of the cluster that the operator knows, as namespace/name. */
    public Set<String> existing() {
        return surroundings.others.names();
    }

    public Clock clock() {
        return surroundings.clock;
    }

    /** To be called, from any thread, when another run of the concern would find something new. */
    public void progressed() {
        progress.run();
    }

    /** Finds the way to a database. */
    public interface DatabaseLookup {
        DatabaseAccess find() throws NoDatabase;
    }

    /** The resources beside the one of the pass. */
    public interface OtherResources {

        List<ResourceView> onSameDatabase();

        /** Of the whole cluster; of a file, those that are known. */
        default List<ResourceView> all() {
            return onSameDatabase();
        }

        /** Of the whole cluster, as far as the operator watches it, as namespace/name. */
        Set<String> names();
    }

    /** Thrown when the database cannot be accessed, with the reason, such as a missing Secret. */
    public static final class NoDatabase extends Exception {

        private final transient Verdict why;

        public NoDatabase(Verdict why) {
            super(why.message());
            this.why = why;
        }

        public Verdict why() {
            return why;
        }
    }

    /** What all concerns of one pass share. Each lookup is done once, by whichever thread asks first. */
    private static final class Surroundings {
        private final DatabaseLookup lookup;
        private final OtherResources others;
        private final BooleanSupplier leads;
        private final Clock clock;
        private @Nullable DatabaseAccess database;
        private @Nullable NoDatabase none;
        private @Nullable List<ResourceView> siblings;

        Surroundings(DatabaseLookup lookup, OtherResources others, BooleanSupplier leads, Clock clock) {
            this.lookup = lookup;
            this.others = others;
            this.leads = leads;
            this.clock = clock;
        }

        private synchronized DatabaseAccess database() throws NoDatabase {
            if (none != null) {
                throw none;
            }
            if (database == null) {
                try {
                    database = lookup.find();
                } catch (NoDatabase e) {
                    none = e;
                    throw e;
                }
            }
            return database;
        }

        private synchronized List<ResourceView> siblings() {
            if (siblings == null) {
                siblings = others.onSameDatabase();
            }
            return siblings;
        }
    }
}
