package dev.headroom.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Directives of {@code redis.conf} for one server; several arguments of one are parted by spaces, as in the file. */
public record RedisOptions(Map<String, String> directives) {

    public RedisOptions {
        directives = Collections.unmodifiableMap(new LinkedHashMap<>(directives));
    }

    /** Nothing on disk: what Redis holds for us is a cache. */
    public static RedisOptions defaults() {
        return new RedisOptions(Map.of("save", "", "appendonly", "no"));
    }

    /** The same with one more directive, as {@code maxmemory}, {@code maxmemory-policy}, {@code requirepass}. */
    public RedisOptions directive(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(directives);
        more.put(name, value.toString());
        return new RedisOptions(more);
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        directives.forEach((name, value) -> {
            arguments.add("--" + name);
            arguments.addAll(List.of(value.split(" ", -1)));
        });
        return arguments;
    }

    String url(String host, int port) {
        String password = directives.get("requirepass");
        String credentials = password == null ? "" : ":" + password + "@";
        return "redis://" + credentials + host + ":" + port + "/0";
    }
}
