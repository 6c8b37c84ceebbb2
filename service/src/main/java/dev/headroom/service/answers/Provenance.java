package dev.headroom.service.answers;

import dev.headroom.service.cache.entry.CacheKey;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.SqlSource;
import dev.headroom.service.catalog.SqlText;
import dev.headroom.service.database.statement.StatementDescription.Column;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an endpoint's answers come from, as far as they are called by it in the cache: program, statements, tables. */
final class Provenance {
    private static final EndpointTables.Reads TIMES_ALONE = new EndpointTables.Reads(List.of(), "");

    private final String product;
    private final boolean changes;
    private final EndpointTables tables;
    private volatile Map<String, List<Column>> columns = Map.of();

    /** @param changes whether changes of tables are heard of */
    Provenance(String product, boolean changes, EndpointTables tables) {
        this.product = product;
        this.changes = changes;
        this.tables = tables;
    }

    /** Of each endpoint's statement, by the endpoint's name: known once all were prepared. */
    void columnsAre(Map<String, List<Column>> prepared) {
        columns = prepared;
    }

    /** Without changes to hear of, no table matters. Nothing as long as that is not known. */
    Optional<EndpointTables.Reads> reads(Endpoint endpoint) {
        return changes ? tables.of(endpoint) : Optional.of(TIMES_ALONE);
    }

    /** As long as it stands, so does what {@link #reads} gave after it was asked for. */
    long version() {
        return tables.version();
    }

    /**
     * Another program, another statement, another column: other keys, so that versions share a Redis without harm.
     *
     * @param definition what the statement reads, as it is defined in the database
     */
    String digest(Endpoint endpoint, String definition) {
        List<String> texts = endpoint.source() instanceof SqlSource sql
                ? sql.variants().stream().map(SqlText::sql).toList()
                : endpoint.source().statements().stream()
                        .map(statement -> statement.text().sql())
                        .toList();
        return CacheKey.digest(product
                        + '\n'
                        + endpoint.answer()
                        + '\n'
                        + texts
                        + '\n'
                        + columns.getOrDefault(endpoint.name(), List.of())
                        + '\n'
                        + definition)
                .substring(0, 12);
    }
}
