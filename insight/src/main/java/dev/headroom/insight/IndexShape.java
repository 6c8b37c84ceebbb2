package dev.headroom.insight;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an index can serve: everything that decides which queries may use it, and nothing else. */
public record IndexShape(
        String method,
        List<IndexKey> keys,
        List<String> include,
        @Nullable String predicate,
        List<String> storageParameters) {

    public IndexShape {
        keys = List.copyOf(keys);
        include = List.copyOf(include);
        storageParameters = List.copyOf(storageParameters);
    }

    public boolean btree() {
        return method.equals("btree");
    }
}
