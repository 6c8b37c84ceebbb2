package dev.headroom.service.catalog.check;

import dev.headroom.service.catalog.Mistake;
import dev.headroom.service.database.statement.StatementDescription;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a check found.
 *
 * @param mistakes in the order of files and lines; with one, nothing is to be served
 * @param columns by endpoint name: what its statement answers with, as the server says
 */
public record CheckReport(List<Mistake> mistakes, Map<String, List<StatementDescription.Column>> columns) {

    public boolean passed() {
        return mistakes.isEmpty();
    }

    /** For a person or a build log: one line per mistake, the count at the end. */
    public String text() {
        if (passed()) {
            return "catalogs: " + columns.size() + (columns.size() == 1 ? " endpoint" : " endpoints") + ", no mistakes";
        }
        return mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n")) + "\ncatalogs: "
                + mistakes.size() + (mistakes.size() == 1 ? " mistake" : " mistakes");
    }
}
