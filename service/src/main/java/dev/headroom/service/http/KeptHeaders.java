package dev.headroom.service.http;

import dev.headroom.service.cache.Entry;
import dev.headroom.service.cache.Served;
import dev.headroom.service.catalog.CachePolicy;
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
    private static final Header VARY = HeaderValues.createCached(HeaderNames.VARY, "Accept-Encoding");
    private static final Header GZIP = HeaderValues.createCached(HeaderNames.CONTENT_ENCODING, "gzip");
    private static final int SLOTS = 64;

    private final String staleness;
    private final AtomicReferenceArray<Made> lately = new AtomicReferenceArray<>(SLOTS);

    /** Everything that the headers depend on, and the headers. */
    @SuppressWarnings(
            "ReferenceEquality") // the same entry, not an equal one: comparing bodies would cost what this saves
    private record Made(Entry entry, Served.How how, boolean gzip, long age, long ttl, List<Header> headers) {
        boolean isFor(Served served, boolean packed, long seconds, long left) {
            return entry == served.entry() && how == served.how() && gzip == packed && age == seconds && ttl == left;
        }
    }

    KeptHeaders(CachePolicy policy) {
        this.staleness =
                ", stale-while-revalidate=" + policy.staleWhileRevalidate().toSeconds() + ", stale-if-error="
                        + policy.staleIfError().toSeconds();
    }

    /** All that a 200 has besides the type and length of its body; a 304 has no {@code Content-Encoding}. */
    List<Header> of(Served served, boolean gzip) {
        long age = served.age().toSeconds();
        long ttl = CacheStatus.ttl(served);
        int slot = (System.identityHashCode(served.entry()) + (gzip ? 1 : 0)) & (SLOTS - 1);
        Made made = lately.get(slot);
        if (made == null || !made.isFor(served, gzip, age, ttl)) {
            made = new Made(served.entry(), served.how(), gzip, age, ttl, make(served, gzip, age));
            lately.set(slot, made);
        }
        return made.headers();
    }

    /** Those of a 304, made of those of the compressed answer: the last one says that it is compressed. */
    static List<Header> unchanged(List<Header> gzipped) {
        return gzipped.subList(0, gzipped.size() - 1);
    }

    private List<Header> make(Served served, boolean gzip, long age) {
        // What a failure left us with is nothing that anybody should keep for longer than until it asks again.
        long life = served.how() == Served.How.SPARE
                ? 0
                : Math.max(0, served.fresh().plus(served.age()).toSeconds());
        Entry entry = served.entry();
        Header etag = HeaderValues.createCached(HeaderNames.ETAG, gzip ? entry.gzipEtag() : entry.etag());
        Header control = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "max-age=" + life + staleness);
        Header aged = HeaderValues.createCached(HeaderNames.AGE, Long.toString(age));
        Header status = HeaderValues.createCached(CacheStatus.HEADER, CacheStatus.of(served));
        return gzip ? List.of(etag, control, aged, VARY, status, GZIP) : List.of(etag, control, aged, VARY, status);
    }
}
