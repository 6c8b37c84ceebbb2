package dev.headroom.service.cache.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headroom.service.cache.redis.RedisClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** What instances tell each other by way of Redis: until when they heard of everything, on its clock. */
public final class SignsOfLife {
    private static final byte[] TIME = "return redis.call('TIME')".getBytes(UTF_8);
    private static final Duration STANDS = Duration.ofSeconds(10);

    /** After so long without an instance a database's generations are gone; those made anew are higher, being times. */
    private static final Duration ABANDONED = Duration.ofDays(7);

    private final String token;
    private final GuardedRedis redis;
    private final RedisClock clock;

    SignsOfLife(String token, GuardedRedis redis, RedisClock clock) {
        this.token = token;
        this.redis = redis;
        this.clock = clock;
    }

    /** Tells the fleet that this instance heard everything that was committed until that moment, and had it counted. */
    public void give(long heardUntil) {
        if (clock.atLeast(heardUntil).isEmpty() && clock().isEmpty()) {
            return;
        }
        long asked = clock.nanos();
        OptionalLong heard = clock.atLeast(heardUntil);
        redis.ask(false, to -> {
            Object now = Script.SIGN.run(
                    to.redis(),
                    List.of(to.keys().signOfLife(), to.keys().generations()),
                    SharedKeys.bytes(
                            List.of(),
                            token,
                            TimeUnit.NANOSECONDS.toMillis(asked - heardUntil),
                            STANDS.toMillis(),
                            ABANDONED.toMillis(),
                            heard.orElseThrow()));
            clock.read(Long.parseLong(Script.text(now)), asked);
            return true;
        });
    }

    /**
     * Until when another instance has heard everything, on Redis' clock; -1 when none has given a sign of life for a while,
     * and empty when Redis does not answer.
     */
    public Optional<Long> ofOthers() {
        return redis.ask(Optional.empty(), to -> {
            byte[] sign = to.redis().get(to.keys().signOfLife());
            if (sign == null) {
                return Optional.of(-1L);
            }
            String text = new String(sign, UTF_8);
            return Optional.of(
                    text.startsWith(token + ':') ? 0L : Long.parseLong(text.substring(text.lastIndexOf(':') + 1)));
        });
    }

    /** Redis' clock in milliseconds; empty when it does not answer. */
    public Optional<Long> clock() {
        long asked = clock.nanos();
        return redis.ask(Optional.empty(), to -> {
            // Asked with a key, so that in a Redis Cluster the node answers that holds the entries.
            List<?> time = (List<?>) to.redis().eval(TIME, List.of(to.keys().generations()), List.of());
            long now =
                    Long.parseLong(Script.text(time.get(0))) * 1000 + Long.parseLong(Script.text(time.get(1))) / 1000;
            clock.read(now, asked);
            return Optional.of(now);
        });
    }
}
