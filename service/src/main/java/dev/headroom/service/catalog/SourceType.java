package dev.headroom.service.catalog;

import java.util.Map;

/**
 * A kind of source that an endpoint's entry can name. The word in catalog.yaml is a key of the entry, and what stands
 * below that key belongs to the type:
 *
 * <pre>
 * /workstreams/workplan-index:
 *   answer: document
 *   documents:                # the word of this type
 *     roots: workplan-roots.sql
 * </pre>
 */
public interface SourceType {

    /** The key in the entry. */
    String word();

    /**
     * Reads what stands below that key. Mistakes are told to {@code settings}, which knows their lines, and something
     * usable is returned all the same, so that reading goes on and finds the next one.
     *
     * @param parameters the endpoint's parameters by name
     */
    Source read(SourceSettings settings, Map<String, Parameter> parameters);
}
