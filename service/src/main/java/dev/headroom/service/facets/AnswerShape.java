package dev.headroom.service.facets;

import java.util.List;

/**
 * What the catalog chooses about an answer.
 *
 * @param items the name of the list of items
 * @param categories in the order in which counts list them
 */
public record AnswerShape(String items, List<String> categories) {

    public AnswerShape {
        categories = List.copyOf(categories);
    }
}
