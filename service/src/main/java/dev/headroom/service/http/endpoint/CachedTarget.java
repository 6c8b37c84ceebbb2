package dev.headroom.service.http.endpoint;

import dev.headroom.service.cache.Served;
import dev.headroom.service.cache.entry.Entry;
import dev.headroom.service.catalog.Arguments;
import dev.headroom.service.catalog.CachePolicy;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.http.exchange.AcceptEncoding;
import dev.headroom.service.http.exchange.AtOnce;
import dev.headroom.service.http.exchange.Call;
import dev.headroom.service.http.exchange.Problem;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.exchange.Route;
import io.helidon.http.Header;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint of a catalog whose answers are kept: the entry is looked up, and what the client has already is not sent
 * again. A request that changes nothing costs a look-up and a write, so there is no more than that here.
 */
public final class CachedTarget implements Route.Target {

    /** Where the entry comes from. */
    public interface Entries {
        /**
         * Looks it up, or has it computed.
         *
         * @param renew whether what is kept is not wanted
         */
        Served served(Arguments arguments, boolean renew);

        /** The way to the same answer while it is in this process and may be used: one that waits for nothing. */
        Supplier<@Nullable Served> atOnce(Arguments arguments);

        /** So many bytes of an entry were sent, as they go over the wire. */
        void sent(int bytes);
    }

    private final Endpoint endpoint;
    private final Entries entries;
    private final boolean clientsMayRenew;
    private final Optional<Arguments> always;
    private final KeptHeaders headers;

    /** @param clientsMayRenew whether {@code Cache-Control: no-cache} has a request computed anew */
    public CachedTarget(Endpoint endpoint, CachePolicy policy, Entries entries, boolean clientsMayRenew) {
        this.endpoint = endpoint;
        this.entries = entries;
        this.clientsMayRenew = clientsMayRenew;
        this.always = endpoint.parameters().isEmpty() && !endpoint.strict()
                ? Optional.of(Arguments.of(Map.of()))
                : Optional.empty();
        this.headers = new KeptHeaders(policy);
    }

    @Override
    public Reply answer(Call call) {
        StatementProfile.current().ifPresent(StatementProfile::share); // who waits for the same computation stays
        Arguments arguments = always.isPresent() ? always.get() : endpoint.read(call.pathParameters(), call.query());
        Served served = entries.served(arguments, clientsMayRenew && wantsNew(call));
        if (served.how() == Served.How.LOCAL_SLOW || served.how() == Served.How.SHARED_SLOW) {
            StatementProfile.current().ifPresent(StatementProfile::waitedInVain);
        }
        Entry entry = served.entry();
        if (!entry.found()) {
            throw Problem.notFound("There is no row with these parameters.")
                    .header(CacheStatus.NAME, CacheStatus.of(served));
        }
        Reply reply = reply(call, served);
        boolean here = served.how() == Served.How.LOCAL_HIT || served.how() == Served.How.LOCAL_STALE;
        return here && !wantsNew(call) ? reply.atOnce(() -> atOnce(arguments)) : reply;
    }

    private AtOnce atOnce(Arguments arguments) {
        Supplier<@Nullable Served> entry = entries.atOnce(arguments);
        return call -> {
            Served served = entry.get();
            return served == null || !served.entry().found() ? null : reply(call, served);
        };
    }

    private Reply reply(Call call, Served served) {
        Entry entry = served.entry();
        byte[] gzip = AcceptEncoding.prefersGzip(call.header("Accept-Encoding")) ? entry.gzip() : null;
        List<Header> prepared = headers.of(served, gzip != null);
        if (IfNoneMatch.matches(call.header("If-None-Match"), gzip == null ? entry.etag() : entry.gzipEtag())) {
            return Reply.empty(304).prepared(gzip == null ? prepared : KeptHeaders.unchanged(prepared));
        }
        byte[] body = gzip == null ? entry.body() : gzip;
        if (!call.method().equals("HEAD")) {
            entries.sent(body.length);
        }
        return Reply.json(body).prepared(prepared);
    }

    private static boolean wantsNew(Call call) {
        String control = call.header("Cache-Control");
        return control != null && control.toLowerCase(Locale.ROOT).contains("no-cache");
    }
}
