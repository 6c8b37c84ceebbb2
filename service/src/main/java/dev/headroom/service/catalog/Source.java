package dev.headroom.service.catalog;

import dev.headroom.service.database.statement.StatementDescription;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where an endpoint's answer comes from. {@link SqlSource} is a statement; other packages bring their own (documents,
 * facets): a {@link SourceType} reads the endpoint's entry into an implementation of this interface, and the program's
 * main class connects that to what computes the answer.
 */
public interface Source {

    /** Columns that a source cannot use, and what to select instead. */
    record ColumnMistake(String message, String hint) {}

    /** The statements it runs, each of which is prepared on the database when catalogs are checked. */
    List<SqlTemplate> statements();

    /**
     * What keeps this source from using what one of its statements answers with, if anything: that columns are missing, or
     * of a type that it cannot read.
     */
    default Optional<ColumnMistake> columnMistake(SqlTemplate statement, List<StatementDescription.Column> columns) {
        return Optional.empty();
    }

    /** The names of the parameters that it uses; one that is declared and used by nothing is a mistake. */
    Set<String> parameters();

    /** Whether its answers, which this service does not cache, have an ETag and a max-age for browsers. */
    default boolean hasEtag() {
        return false;
    }
}
