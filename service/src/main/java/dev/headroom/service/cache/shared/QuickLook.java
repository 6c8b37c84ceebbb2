package dev.headroom.service.cache.shared;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headroom.service.cache.entry.CacheKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Looks for fresh entries with plain commands, many in one message: a hit needs no lease, so it needs no script, which
 * costs Redis five times as much. Whatever is not plainly fresh is left to the script.
 *
 * <p>Not one step in Redis, and right all the same: generations are read before the entry, so an entry that bears them was
 * current at a moment after the question came.
 */
final class QuickLook {
    private static final byte[][] PARTS = {bytes("s"), bytes("c"), bytes("f"), bytes("d")};

    /** What a generation has at most; the script makes those anew that have more. */
    private static final int LONGEST_GENERATION = 16;

    /**
     * One of the questions.
     *
     * @param oldest the age in milliseconds from which an entry will not do
     */
    record Question(CacheKey key, long oldest) {}

    private final Question question;
    private final @Nullable Response<List<byte[]>> generations;
    private final Response<List<byte[]>> entry;

    private QuickLook(Question question, SharedKeys keys, Pipeline to) {
        this.question = question;
        List<String> tables = question.key().tables();
        this.generations = tables.isEmpty()
                ? null
                : to.hmget(
                        keys.generations(),
                        tables.stream().map(QuickLook::bytes).toArray(byte[][]::new));
        this.entry = to.hmget(keys.entry(question.key()), PARTS);
    }

    /** The fresh entries among the answers, in the order of the questions; nothing where only the script can tell. */
    static List<Optional<Lookup>> ask(Pipeline to, SharedKeys keys, List<Question> questions) {
        Response<List<String>> time = to.time();
        List<QuickLook> looks = new ArrayList<>();
        for (Question question : questions) {
            looks.add(new QuickLook(question, keys, to));
        }
        to.sync();
        long now = Long.parseLong(time.get().getFirst()) * 1000
                + Long.parseLong(time.get().getLast()) / 1000;
        return looks.stream().map(look -> look.answer(now)).toList();
    }

    private Optional<Lookup> answer(long now) {
        try {
            List<byte[]> parts = entry.get();
            String stamp = stamp();
            if (parts.contains(null) || stamp == null || !Arrays.equals(parts.get(0), bytes(stamp))) {
                return Optional.empty();
            }
            long age = Math.max(0, now - number(parts.get(1)));
            if (age >= Math.min(number(parts.get(2)), question.oldest())) {
                return Optional.empty();
            }
            return EntryCodec.read(parts.get(3))
                    .map(fresh -> new Lookup(fresh, age, false, Lookup.Lease.NONE, "", stamp, now));
        } catch (JedisDataException | NumberFormatException notOurs) {
            return Optional.empty(); // the script knows what to do with it
        }
    }

    private @Nullable String stamp() {
        var stamp = new StringBuilder();
        for (byte @Nullable [] generation : generations == null ? List.<byte[]>of() : generations.get()) {
            if (generation == null
                    || generation.length > LONGEST_GENERATION
                    || !HighestSeen.isPossible(number(generation))) {
                return null;
            }
            stamp.append(stamp.isEmpty() ? "" : ",").append(new String(generation, US_ASCII));
        }
        return stamp.toString();
    }

    private static long number(byte[] text) {
        return Long.parseLong(new String(text, US_ASCII));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
