package dev.headroom.service.catalog;

import java.util.List;
import java.util.Set;

/**
 * Where an endpoint's answer comes from. {@link SqlSource} is a statement; other packages bring their own (documents,
 * facets): a {@link SourceType} reads the endpoint's entry into an implementation of this interface, and the program's
 * main class connects that to what computes the answer.
 */
public interface Source {

    /** The statements it runs, each of which is prepared on the database when catalogs are checked. */
    List<SqlTemplate> statements();

    /** The names of the parameters that it uses; one that is declared and used by nothing is a mistake. */
    Set<String> parameters();

    /** Whether its answers, though they are kept nowhere here, bear a tag and a time for which browsers may keep them. */
    default boolean tagsItsAnswers() {
        return false;
    }
}
