package dev.headroom.service.facets;

import dev.headroom.service.catalog.Source;
import dev.headroom.service.catalog.SqlTemplate;
import dev.headroom.service.database.statement.Query;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An answer that is filtered and counted over a snapshot of a whole set, as the catalog describes it.
 *
 * @param rowsTemplate the statement whose rows are the items, in the order of the answers
 * @param constantTemplates by name in the answer: statements of one JSON value, computed once per snapshot
 * @param changeTemplate a cheap statement of one value that is another one after the data changed
 */
public record FacetsSource(
        SqlTemplate rowsTemplate,
        Map<String, SqlTemplate> constantTemplates,
        Optional<SqlTemplate> changeTemplate,
        AnswerShape shape,
        GroupReader groups,
        FacetsPolicy policy)
        implements Source {

    /** The parameters that page, when the endpoint declares paging. */
    static final String LIMIT = "limit";

    static final String OFFSET = "offset";

    public FacetsSource {
        constantTemplates = Collections.unmodifiableMap(new LinkedHashMap<>(constantTemplates));
    }

    @Override
    public List<SqlTemplate> statements() {
        List<SqlTemplate> all = new ArrayList<>(List.of(rowsTemplate));
        all.addAll(constantTemplates.values());
        changeTemplate.ifPresent(all::add);
        return all;
    }

    @Override
    public Set<String> parameters() {
        Set<String> names = new HashSet<>(shape.categories());
        names.addAll(List.of(LIMIT, OFFSET));
        return names;
    }

    @Override
    public boolean tagsItsAnswers() {
        return true;
    }

    Query rows() {
        return rowsTemplate.query("facets.rows");
    }

    Map<String, Query> constants() {
        Map<String, Query> queries = new LinkedHashMap<>();
        constantTemplates.forEach((name, template) -> queries.put(name, template.query("facets.constant")));
        return queries;
    }

    Optional<Query> change() {
        return changeTemplate.map(template -> template.query("facets.change"));
    }
}
