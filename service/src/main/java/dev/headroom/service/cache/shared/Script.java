package dev.headroom.service.cache.shared;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** One step that Redis does whole; sent by its digest, and in full only to a server that has not seen it yet. */
final class Script {
    static final Script LOOK = new Script("look.lua");
    static final Script OFFER = new Script("offer.lua");
    static final Script WRITE = new Script("write.lua");
    static final Script SIGN = new Script("sign.lua");
    static final Script RELEASE = new Script("release.lua");
    static final Script SPARE = new Script("spare.lua");
    static final Script COUNT = new Script("count.lua");
    static final Script COUNT_ALL = new Script("count-all.lua");

    private final byte[] text;
    private final byte[] digest;

    private Script(String file) {
        try (InputStream in = Script.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing beside " + Script.class.getName());
            }
            text = in.readAllBytes();
            byte[] sha = MessageDigest.getInstance("SHA-1").digest(text);
            digest = HexFormat.of().formatHex(sha).getBytes(StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1, which is how Redis names scripts", e);
        }
    }

    Object run(UnifiedJedis redis, List<byte[]> keys, List<byte[]> arguments) {
        try {
            return redis.evalsha(digest, keys, arguments);
        } catch (JedisNoScriptException e) {
            return redis.eval(text, keys, arguments);
        }
    }

    /** A part of what it answered. */
    static String text(Object part) {
        return part instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(part);
    }
}
