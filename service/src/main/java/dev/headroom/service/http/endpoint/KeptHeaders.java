package dev.headroom.service.http.endpoint;

import dev.headroom.service.cache.Served;
import dev.headroom.service.catalog.CachePolicy;
import dev.headroom.service.http.exchange.AcceptEncoding;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The headers of kept answers. For one entry they are the same all second long, so what was made for one request serves
 * the ones after it, in the form in which it is written.
 */
final class KeptHeaders {
    private static final int SLOTS = 64;

    private final String ifStale;
    private final String ifFailing;
    private final AtomicReferenceArray<Made> lately = new AtomicReferenceArray<>(SLOTS);

    /** Everything that the headers depend on, and the headers. Not the entry: that would keep it in memory. */
    private record Made(String etag, Served.How how, long age, long ttl, List<Header> headers) {
        boolean isFor(String wanted, Served served, long seconds, long left) {
            return etag.equals(wanted) && how == served.how() && age == seconds && ttl == left;
        }
    }

    KeptHeaders(CachePolicy policy) {
        this.ifStale =
                ", stale-while-revalidate=" + policy.staleWhileRevalidate().toSeconds();
        this.ifFailing = ", stale-if-error=" + policy.staleIfError().toSeconds();
    }

    /** All that a 200 has besides the type and length of its body; a 304 has no {@code Content-Encoding}. */
    List<Header> of(Served served, boolean gzip) {
        long age = served.age().toSeconds();
        long ttl = CacheStatus.ttl(served);
        String etag = gzip ? served.entry().gzipEtag() : served.entry().etag();
        int slot = (System.identityHashCode(served.entry()) + (gzip ? 1 : 0)) & (SLOTS - 1);
        Made made = lately.get(slot);
        if (made == null || !made.isFor(etag, served, age, ttl)) {
            made = new Made(etag, served.how(), age, ttl, make(served, etag, gzip, age));
            lately.set(slot, made);
        }
        return made.headers();
    }

    /** Those of a 304, made of those of the compressed answer: the last one says that it is compressed. */
    static List<Header> unchanged(List<Header> gzipped) {
        return gzipped.subList(0, gzipped.size() - 1);
    }

    private List<Header> make(Served served, String tag, boolean gzip, long age) {
        // What stands in for an answer, or what we dare not keep, nobody should serve without having asked again.
        boolean once = served.how().isStandIn() || served.how() == Served.How.BYPASS;
        long life = Math.max(0, served.fresh().plus(served.age()).toSeconds());
        String use = once ? "max-age=0" : "max-age=" + life + ifStale;
        Header etag = HeaderValues.createCached(HeaderNames.ETAG, tag);
        Header control = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, use + ifFailing);
        Header aged = HeaderValues.createCached(HeaderNames.AGE, Long.toString(age));
        Header status = HeaderValues.createCached(CacheStatus.HEADER, CacheStatus.of(served));
        return gzip
                ? List.of(etag, control, aged, AcceptEncoding.VARY, status, AcceptEncoding.GZIP)
                : List.of(etag, control, aged, AcceptEncoding.VARY, status);
    }
}
