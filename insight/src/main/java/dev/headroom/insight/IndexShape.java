package dev.headroom.insight;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an index can serve: everything that decides which queries may use it, and nothing else. The order in which storage
 * parameters were written means nothing.
 */
public record IndexShape(
        String method,
        List<IndexKey> keys,
        List<String> include,
        @Nullable String predicate,
        List<String> storageParameters) {

    public IndexShape {
        keys = List.copyOf(keys);
        include = List.copyOf(include);
        storageParameters = storageParameters.stream().sorted().toList();
    }

    public boolean btree() {
        return method.equals("btree");
    }
}
