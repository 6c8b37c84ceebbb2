package dev.headroom.service.facets;

import java.util.List;
import java.util.Optional;

/**
 * A request on one snapshot. Its tag is known without an answer, so that a client that has the answer costs no filtering.
 *
 * @param limit most items on the page, empty for all
 * @param offset how many of the matching items come before the page
 */
public record FacetRequest(Snapshot snapshot, List<Group> groups, Optional<Long> limit, long offset) {

    public FacetRequest {
        groups = List.copyOf(groups);
    }

    /**
     * Names the answer: the same data, groups and page give the same tag on every instance, and no others do. Groups keep
     * their order, in which their counts are listed; the values within one have none.
     */
    public String tag() {
        StringBuilder filter = new StringBuilder();
        for (Group group : groups) {
            add(group.category(), filter);
            filter.append(group.values().size()).append('/');
            group.values().stream().sorted().forEach(value -> add(value, filter));
        }
        filter.append('/')
                .append(limit.map(Object::toString).orElse(""))
                .append('/')
                .append(offset);
        return snapshot.tag(filter.toString());
    }

    /** With its length before it, since a value may hold any character. */
    private static void add(String text, StringBuilder filter) {
        filter.append(text.length()).append(':').append(text);
    }

    public FacetAnswer answer() {
        return snapshot.answer(groups, limit, offset);
    }
}
