package dev.headroom.service.http.seen;

import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.http.exchange.Call;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.logging.BoundedLog;
import dev.headroom.service.logging.Counted;
import io.helidon.common.socket.PeerInfo;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** What the log says about requests: each one where the access log is on, and the slow ones always. */
public final class RequestLog implements AutoCloseable {
    private static final System.Logger ACCESS = System.getLogger("dev.headroom.service.access");

    private final ProfileSettings settings;
    private final boolean access;
    private final InstantSource clock;
    private final SlowestRequests slowest;
    private final BoundedLog slow;

    public RequestLog(ProfileSettings settings, boolean access, InstantSource clock) {
        this.settings = settings;
        this.access = access;
        this.clock = clock;
        this.slowest = new SlowestRequests(settings.kept(), System.nanoTime());
        this.slow = new BoundedLog(
                System.getLogger("dev.headroom.service.requests"),
                settings.slowLines(),
                "slow request",
                "profile.slow-request-lines");
    }

    public SlowestRequests slowest() {
        return slowest;
    }

    /** Whether there is an access log. */
    public boolean hasLineForEach() {
        return access;
    }

    /** The client is asked for its address only where it is written: that is text made anew each time. */
    public void finished(Call call, Reply reply, long nanos, StatementProfile profile, Supplier<PeerInfo> from) {
        timed(call, reply.status(), nanos, profile);
        if (access) {
            ACCESS.log(
                    Level.INFO,
                    () -> line(call, reply, nanos, profile, from.get().host()));
        }
    }

    /** All but the access log. */
    void timed(Call call, int status, long nanos, StatementProfile profile) {
        offer(call, status, nanos, profile);
        if (isSlow(nanos)) {
            slow(call, status, nanos, profile);
        }
    }

    /** The same from a thread that waits for no log. */
    public void timedAtOnce(Call call, int status, long nanos, StatementProfile profile) {
        offer(call, status, nanos, profile);
        if (isSlow(nanos)) {
            Thread.startVirtualThread(() -> slow(call, status, nanos, profile));
        }
    }

    private void offer(Call call, int status, long nanos, StatementProfile profile) {
        slowest.offer(System.nanoTime(), nanos, () -> describe(call, status, nanos, profile));
    }

    private boolean isSlow(long nanos) {
        return nanos >= settings.slowWarn().toNanos();
    }

    private void slow(Call call, int status, long nanos, StatementProfile profile) {
        boolean severe = nanos >= settings.slowError().toNanos();
        slow.write(
                severe ? Level.ERROR : Level.WARNING,
                () -> "slow request %s %s %d: %s ms, of it %s %s ms, waiting for a connection %s ms%s (request %s)"
                        .formatted(
                                call.method(),
                                call.route(),
                                status,
                                Millis.format(nanos),
                                new Counted(profile.queryCount(), "statement"),
                                Millis.format(profile.queryNanos()),
                                Millis.format(profile.waitNanos()),
                                profile.hasWaitedInVain()
                                        ? ", the rest waiting for a computation until the soft-timeout of its cache policy"
                                        : "",
                                call.requestId()));
    }

    private SlowRequest describe(Call call, int status, long nanos, StatementProfile profile) {
        return new SlowRequest(
                Instant.ofEpochMilli(clock.millis()),
                call.method(),
                call.route(),
                status,
                Duration.ofNanos(nanos),
                profile.queryCount(),
                Duration.ofNanos(profile.queryNanos()),
                Duration.ofNanos(profile.waitNanos()),
                call.requestId());
    }

    private static String line(Call call, Reply reply, long nanos, StatementProfile profile, String from) {
        OptionalLong length = reply.length();
        String url = call.rawQuery().isEmpty() ? call.rawPath() : call.rawPath() + "?" + call.rawQuery();
        return "%s %s %d %sms %sB queries=%d/%sms request=%s from=%s"
                .formatted(
                        call.method(),
                        plain(url),
                        reply.status(),
                        Millis.format(nanos),
                        length.isPresent() ? length.getAsLong() : "?", // compressed as it is sent
                        profile.queryCount(),
                        Millis.format(profile.queryNanos()),
                        call.requestId(),
                        from);
    }

    /** A URL may hold bytes that a terminal would obey. */
    private static String plain(String url) {
        StringBuilder plain = new StringBuilder(url.length());
        url.chars().forEach(c -> plain.append(c > 0x20 && c < 0x7f ? (char) c : '?'));
        return plain.toString();
    }

    @Override
    public void close() {
        slow.close();
    }
}
