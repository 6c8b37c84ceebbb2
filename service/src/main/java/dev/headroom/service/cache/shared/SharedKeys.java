package dev.headroom.service.cache.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headroom.service.cache.entry.CacheKey;
import java.util.ArrayList;
import java.util.List;

/**
 * The names in Redis. All of one database share a hash tag, so that one script may touch an entry, its lease and the
 * generations on a Redis Cluster as well.
 */
public record SharedKeys(String prefix) {
    /**
     * Raised when the layout in Redis changes, so that two versions share a Redis without harm. Where only entries look
     * otherwise, their own version is enough: the generations go on being shared.
     */
    private static final int LAYOUT = 1;

    public static SharedKeys of(String database) {
        return new SharedKeys(
                "headroom:" + LAYOUT + ":{" + CacheKey.digest(database).substring(0, 12) + "}:");
    }

    public byte[] entry(CacheKey key) {
        return named("e" + EntryCodec.VERSION + ':' + key.text());
    }

    public byte[] lease(CacheKey key) {
        return named("l" + EntryCodec.VERSION + ':' + key.text());
    }

    /** Says that an instance waits for what is computed under the lease. */
    public byte[] waiting(CacheKey key) {
        return named("w" + EntryCodec.VERSION + ':' + key.text());
    }

    /** The entries that the key's endpoint holds, and their size. */
    public byte[] held(CacheKey key) {
        return named("h" + EntryCodec.VERSION + ':' + key.family());
    }

    public byte[] generations() {
        return named("generations");
    }

    public byte[] notice(String id) {
        return named("n:" + id);
    }

    public byte[] signOfLife() {
        return named("covered");
    }

    static List<byte[]> bytes(List<String> texts, Object... first) {
        List<byte[]> all = new ArrayList<>();
        for (Object part : first) {
            all.add(part instanceof byte[] bytes ? bytes : part.toString().getBytes(UTF_8));
        }
        texts.forEach(text -> all.add(text.getBytes(UTF_8)));
        return all;
    }

    private byte[] named(String name) {
        return (prefix + name).getBytes(UTF_8);
    }
}
