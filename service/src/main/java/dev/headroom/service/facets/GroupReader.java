package dev.headroom.service.facets;

import dev.headroom.service.catalog.BadParameter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a query string's parameters as groups. One parameter is one group, its commas mean OR; blank values are dropped,
 * a group with none is no group, and parameters that name no category are somebody else's.
 *
 * @param categories the names that make a group
 * @param maxGroups most groups of a request
 * @param maxValues most values of a group
 */
public record GroupReader(Set<String> categories, int maxGroups, int maxValues) {

    public GroupReader {
        categories = Set.copyOf(categories);
    }

    /**
     * Reads a request.
     *
     * @param query the decoded parameters in the order in which they came: the groups of the answer have the same
     * @throws BadParameter for the first that goes over a bound
     */
    public List<Group> read(List<Map.Entry<String, String>> query) {
        List<Group> groups = new ArrayList<>();
        for (Map.Entry<String, String> parameter : query) {
            if (!categories.contains(parameter.getKey())) {
                continue;
            }
            Set<String> values = values(parameter.getKey(), parameter.getValue());
            if (values.isEmpty()) {
                continue;
            }
            if (groups.size() == maxGroups) {
                throw new BadParameter(parameter.getKey(), "left out: a request has at most " + maxGroups + " groups");
            }
            groups.add(new Group(parameter.getKey(), values));
        }
        return groups;
    }

    private Set<String> values(String category, String text) {
        Set<String> values = new LinkedHashSet<>();
        int given = 0;
        for (String part : text.split(",", -1)) {
            String value = part.strip();
            if (value.isEmpty()) {
                continue;
            }
            if (++given > maxValues) {
                throw new BadParameter(category, "a group of at most " + maxValues + " values");
            }
            values.add(value);
        }
        return values;
    }
}
