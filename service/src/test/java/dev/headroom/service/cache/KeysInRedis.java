package dev.headroom.service.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headroom.service.cache.entry.Entry;
import dev.headroom.service.cache.shared.EntryCodec;
import dev.headroom.service.cache.shared.SharedKeys;
import java.util.Map;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;

/** What the fleet of a test keeps in Redis, to be looked at and tampered with. */
record KeysInRedis(RedisClient jedis) implements AutoCloseable {
    private static final SharedKeys KEYS = SharedKeys.of("/test-database");

    static KeysInRedis at(String url) {
        return new KeysInRedis(RedisClient.create(url));
    }

    String entry() {
        return new String(KEYS.entry(Fleet.KEY), UTF_8);
    }

    String lease() {
        return new String(KEYS.lease(Fleet.KEY), UTF_8);
    }

    String held() {
        return new String(KEYS.held(Fleet.KEY), UTF_8);
    }

    String generations() {
        return new String(KEYS.generations(), UTF_8);
    }

    String signOfLife() {
        return new String(KEYS.signOfLife(), UTF_8);
    }

    Map<String, String> allGenerations() {
        return jedis.hgetAll(generations());
    }

    String generation() {
        return String.valueOf(jedis.hget(generations(), "s.tasks"));
    }

    /** How often that command ran, by itself or in a script. */
    long calls(String command) {
        return jedis.info("commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_" + command + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^:]*:calls=(\\d+),.*", "$1")))
                .sum();
    }

    /** Puts an entry and the generation it was made under where an older dump would have them. */
    void goBackTo(String body, String generation) {
        byte[] bytes = EntryCodec.write(Entry.of(body.getBytes(UTF_8), 1));
        jedis.hset(entry(), "s", generation);
        jedis.hset(entry().getBytes(UTF_8), "d".getBytes(UTF_8), bytes);
        jedis.hset(generations(), "s.tasks", generation);
    }

    /** From now on no change can be counted, while everything else goes on. */
    void refuseToCount() {
        // With the brace: a notice whose number happens to begin with an e is none of the entries.
        acl("default", "resetkeys", "~*}:e*", "~*}:l*", "~*}:generations", "~*}:covered");
    }

    void countAgain() {
        acl("default", "allkeys");
    }

    /** Gives a user these rules. */
    void acl(String user, String... rules) {
        jedis.executeCommand(
                new CommandArguments(Command.ACL).add("SETUSER").add(user).addObjects((Object[]) rules));
    }

    @Override
    public void close() {
        jedis.close();
    }
}
