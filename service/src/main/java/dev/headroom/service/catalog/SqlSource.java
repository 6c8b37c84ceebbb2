package dev.headroom.service.catalog;

import dev.headroom.service.database.statement.Param;
import dev.headroom.service.database.statement.Query;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An answer that one statement computes. The statement a request runs holds the predicates of exactly the filters that
 * it gave, so that the planner sees the real query; every variant is written once and then reused.
 */
public final class SqlSource implements Source {
    /** Beyond this many variants (many filters with many orders) texts are written anew, so that memory stays bounded. */
    private static final int KEPT_VARIANTS = 512;

    private final List<SqlTemplate> statements;
    private final Map<String, SqlTemplate> whenGiven;
    private final Map<String, SqlTemplate> filters;
    private final Ordering ordering;
    private final String standardOrder;
    private final Variant only;
    private final Map<Variant, SqlText> written = new ConcurrentHashMap<>();

    /** What makes two requests run different text. */
    record Variant(int statement, List<String> filters, String order) {}

    /**
     * @param statement what runs unless one of the next is chosen
     * @param whenGiven by parameter: the statement that runs instead when that parameter is given; the first wins
     * @param filters by parameter: the predicate that is added when that parameter is given
     */
    public SqlSource(
            SqlTemplate statement,
            Map<String, SqlTemplate> whenGiven,
            Map<String, SqlTemplate> filters,
            Ordering ordering) {
        List<SqlTemplate> all = new ArrayList<>(List.of(statement));
        all.addAll(whenGiven.values());
        this.statements = List.copyOf(all);
        this.whenGiven = Collections.unmodifiableMap(new LinkedHashMap<>(whenGiven));
        this.filters = Collections.unmodifiableMap(new LinkedHashMap<>(filters));
        this.ordering = ordering;
        this.standardOrder = ordering.clause(List.of());
        this.only = new Variant(0, List.of(), standardOrder);
    }

    @Override
    public List<SqlTemplate> statements() {
        return statements;
    }

    @Override
    public Set<String> parameters() {
        Set<String> used = new HashSet<>(whenGiven.keySet());
        used.addAll(filters.keySet());
        statements.forEach(each -> used.addAll(each.placeholders()));
        filters.values().forEach(each -> used.addAll(each.placeholders()));
        if (!ordering.sortable().isEmpty()) {
            used.add(Ordering.PARAMETER);
        }
        return used;
    }

    public Map<String, SqlTemplate> filters() {
        return filters;
    }

    public Map<String, SqlTemplate> whenGiven() {
        return whenGiven;
    }

    public Ordering ordering() {
        return ordering;
    }

    /** What a request with these values runs. */
    public Query query(String name, Arguments arguments) {
        SqlText text = text(arguments);
        List<Param> params = new ArrayList<>(text.parameters().size());
        for (String parameter : text.parameters()) {
            params.add(Binding.of(arguments.get(parameter)));
        }
        return new Query(name, text.sql(), params);
    }

    /**
     * The texts that requests can lead to, as far as one differs from another in what the database could refuse: each
     * statement with no filter, with each one alone, with all; and in an order that names every sortable column.
     */
    public List<SqlText> variants() {
        List<List<String>> choices = new ArrayList<>();
        choices.add(List.of());
        filters.keySet().forEach(filter -> choices.add(List.of(filter)));
        choices.add(List.copyOf(filters.keySet()));
        Set<SqlText> texts = new LinkedHashSet<>();
        for (int statement = 0; statement < statements.size(); statement++) {
            for (List<String> choice : choices) {
                texts.add(text(new Variant(statement, choice, standardOrder)));
            }
            String every = ordering.clause(List.copyOf(ordering.sortable().keySet()));
            texts.add(text(new Variant(statement, List.of(), every)));
        }
        return List.copyOf(texts);
    }

    /** Each statement with every filter: together they read every table that a request can make them read. */
    public List<SqlText> widest() {
        List<SqlText> texts = new ArrayList<>();
        for (int statement = 0; statement < statements.size(); statement++) {
            texts.add(text(new Variant(statement, List.copyOf(filters.keySet()), standardOrder)));
        }
        return texts;
    }

    /** The text that a request with these values runs. */
    SqlText text(Arguments arguments) {
        if (filters.isEmpty() && whenGiven.isEmpty() && !arguments.has(Ordering.PARAMETER)) {
            return text(only);
        }
        Set<String> given = new LinkedHashSet<>(filters.keySet());
        given.retainAll(arguments.values().keySet());
        String order =
                arguments.get(Ordering.PARAMETER) instanceof List<?> asked ? ordering.clause(asked) : standardOrder;
        return text(new Variant(chosen(arguments), List.copyOf(given), order));
    }

    private int chosen(Arguments arguments) {
        int index = 1;
        for (String parameter : whenGiven.keySet()) {
            if (arguments.has(parameter)) {
                return index;
            }
            index++;
        }
        return 0;
    }

    private SqlText text(Variant variant) {
        SqlText known = written.get(variant);
        if (known != null) {
            return known;
        }
        List<SqlTemplate> predicates = filters.entrySet().stream()
                .filter(filter -> variant.filters().contains(filter.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        SqlText fresh = SqlWriter.write(statements.get(variant.statement()), predicates, variant.order());
        if (written.size() < KEPT_VARIANTS) {
            written.putIfAbsent(variant, fresh);
        }
        return fresh;
    }
}
