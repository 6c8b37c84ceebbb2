package dev.headroom.service.http;

import dev.headroom.service.cache.Entry;
import dev.headroom.service.cache.Served;
import dev.headroom.service.catalog.Arguments;
import dev.headroom.service.catalog.CachePolicy;
import dev.headroom.service.catalog.Endpoint;
import java.util.Map;
import java.util.Optional;

/**
 * An endpoint of a catalog whose answers are kept: the entry is looked up, and what the client has already is not sent
 * again. A request that changes nothing costs a look-up and a write, so there is no more than that here.
 */
public final class CachedTarget implements Route.Target {

    /** Where the entry comes from. */
    @FunctionalInterface
    public interface Entries {
        /**
         * Looks it up, or has it computed.
         *
         * @param renew whether what is kept is not wanted
         */
        Served served(Arguments arguments, boolean renew);
    }

    private final Endpoint endpoint;
    private final Entries entries;
    private final boolean clientsMayRenew;
    private final Optional<Arguments> always;
    private final String staleness;

    /** @param clientsMayRenew whether {@code Cache-Control: no-cache} has a request computed anew */
    public CachedTarget(Endpoint endpoint, CachePolicy policy, Entries entries, boolean clientsMayRenew) {
        this.endpoint = endpoint;
        this.entries = entries;
        this.clientsMayRenew = clientsMayRenew;
        this.always = endpoint.parameters().isEmpty() ? Optional.of(Arguments.of(Map.of())) : Optional.empty();
        this.staleness =
                ", stale-while-revalidate=" + policy.staleWhileRevalidate().toSeconds() + ", stale-if-error="
                        + policy.staleIfError().toSeconds();
    }

    @Override
    public Reply answer(Call call) {
        Arguments arguments = always.isPresent() ? always.get() : endpoint.read(call.pathParameters(), call.query());
        Served served = entries.served(arguments, clientsMayRenew && wantsNew(call));
        String status = CacheStatus.of(served);
        if (!served.entry().found()) {
            throw Problem.notFound("There is no row with these parameters.").header(CacheStatus.NAME, status);
        }
        return reply(served.entry(), call).withAll(headers(served, status));
    }

    private static boolean wantsNew(Call call) {
        String control = call.header("Cache-Control");
        return control != null && control.contains("no-cache");
    }

    private static Reply reply(Entry entry, Call call) {
        byte[] gzip = AcceptEncoding.prefersGzip(call.header("Accept-Encoding")) ? entry.gzip() : null;
        String etag = gzip == null ? entry.etag() : entry.gzipEtag();
        if (IfNoneMatch.matches(call.header("If-None-Match"), etag)) {
            return Reply.empty(304).with("ETag", etag);
        }
        return gzip == null
                ? Reply.json(entry.body()).with("ETag", etag)
                : Reply.json(gzip).withAll(Map.of("ETag", etag, "Content-Encoding", "gzip"));
    }

    private Map<String, String> headers(Served served, String status) {
        long age = served.age().toSeconds();
        // What a failure left us with is nothing that anybody should keep for longer than until it asks again.
        long life = served.how() == Served.How.SPARE
                ? 0
                : Math.max(0, served.fresh().plus(served.age()).toSeconds());
        return Map.of(
                "Cache-Control",
                "max-age=" + life + staleness,
                "Age",
                Long.toString(age),
                "Vary",
                "Accept-Encoding",
                CacheStatus.NAME,
                status);
    }
}
