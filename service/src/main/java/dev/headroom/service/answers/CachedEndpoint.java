package dev.headroom.service.answers;

import dev.headroom.service.cache.Computation;
import dev.headroom.service.cache.EndpointCounts;
import dev.headroom.service.cache.ResultCache;
import dev.headroom.service.cache.Served;
import dev.headroom.service.cache.Wanted;
import dev.headroom.service.cache.entry.CacheKey;
import dev.headroom.service.catalog.Arguments;
import dev.headroom.service.catalog.CachePolicy;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.documents.DocumentsSource;
import dev.headroom.service.http.endpoint.CachedTarget;
import dev.headroom.service.http.endpoint.EndpointTarget;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One endpoint's way into the cache: what its answers are called there, and how they are computed. */
final class CachedEndpoint implements CachedTarget.Entries {
    /** The service knows no callers. Where answers differ by caller, the caller belongs into the key here. */
    private static final String EVERYBODY = "";

    private final Endpoint endpoint;
    private final CachePolicy policy;
    private final Provenance provenance;
    private final EndpointTarget.Answers answers;
    private final ResultCache results;
    private final EndpointCounts counts;
    private final Optional<String> refresh;
    private final @Nullable Timestamped timestamped;
    private volatile @Nullable Names names;

    /**
     * What its keys have in common. Where its statement or its tables are defined anew they are others, so that nobody
     * finds what was made before.
     *
     * @param version until when the tables are these, see {@link Provenance#version}
     * @param only the one key there is where it takes no parameters
     */
    private record Names(long version, String digest, List<String> tables, CacheKey only) {}

    /** One answer computed anew. */
    private final class Anew implements Computation {
        private final Arguments arguments;

        Anew(Arguments arguments) {
            this.arguments = arguments;
        }

        @Override
        public Optional<byte[]> compute() {
            return answers.answer(endpoint, arguments);
        }

        @Override
        public Computation carried() {
            return StatementProfile.current()
                    .<Computation>map(profile -> new Carried(this, profile))
                    .orElse(this);
        }

        @Override
        public boolean isSame(byte[] before, byte[] now) {
            return timestamped == null ? Arrays.equals(before, now) : timestamped.isSame(before, now);
        }
    }

    /** A computation on another thread, whose statements are those of the request that it is for. */
    private record Carried(Computation computation, StatementProfile profile) implements Computation {
        @Override
        public Optional<byte[]> compute() {
            return profile.call(computation::compute);
        }

        @Override
        public boolean isSame(byte[] before, byte[] now) {
            return computation.isSame(before, now);
        }
    }

    CachedEndpoint(
            Endpoint endpoint,
            CachePolicy policy,
            Provenance provenance,
            EndpointTarget.Answers answers,
            ResultCache results,
            EndpointCounts counts) {
        this.endpoint = endpoint;
        this.policy = policy;
        this.provenance = provenance;
        this.answers = answers;
        this.results = results;
        this.counts = counts;
        this.refresh = endpoint.source() instanceof DocumentsSource documents ? documents.refresh() : Optional.empty();
        this.timestamped = endpoint.timestamp() == null ? null : new Timestamped(endpoint.timestamp());
    }

    Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public Served served(Arguments arguments, boolean renew) {
        Names known = names();
        if (known == null) {
            return results.unkept(counts, new Anew(arguments));
        }
        Wanted wanted = wanted(arguments, known);
        return renew || (refresh.isPresent() && arguments.isTrue(refresh.get()))
                ? results.renew(wanted)
                : results.get(wanted);
    }

    @Override
    public Supplier<@Nullable Served> atOnce(Arguments arguments) {
        Names first = names();
        if (first == null) {
            return () -> null;
        }
        Wanted wanted = wanted(arguments, first);
        return () -> provenance.version() == first.version() ? results.atOnce(wanted) : null;
    }

    @Override
    public void sent(int bytes) {
        counts.bytes().add(bytes);
    }

    private Wanted wanted(Arguments arguments, Names known) {
        return new Wanted(key(arguments, known), counts, policy, new Anew(arguments));
    }

    private CacheKey key(Arguments arguments, Names known) {
        if (endpoint.parameters().isEmpty()) {
            return known.only();
        }
        SortedMap<String, Object> values = arguments.values();
        if (refresh.isPresent()) {
            // How it is asked for is no part of what is asked for.
            values = new TreeMap<>(values);
            values.remove(refresh.get());
        }
        return CacheKey.of(known.digest(), endpoint.name(), values, EVERYBODY, known.tables());
    }

    /** Learnt with the first request, or before it by whoever prepares the cache; null while that cannot be. */
    private @Nullable Names names() {
        Names known = names;
        long version = provenance.version();
        if (known == null || known.version() != version) {
            EndpointTables.Reads reads = provenance.reads(endpoint).orElse(null);
            if (reads == null) {
                return null;
            }
            String digest = provenance.digest(endpoint, reads.definition());
            List<String> tables = reads.tables();
            var only = CacheKey.of(digest, endpoint.name(), new TreeMap<>(), EVERYBODY, tables);
            known = new Names(version, digest, tables, only);
            names = known;
        }
        return known;
    }
}
