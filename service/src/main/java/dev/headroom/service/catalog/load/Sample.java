package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.SqlTemplate;
import java.util.List;
import java.util.Map;

/**
 * How to fill a catalog's tables.
 *
 * @param rows by table: how many at scale 1
 * @param statements in the order to run them; their parameters are tables, each bound to its number of rows
 */
public record Sample(Map<String, Long> rows, List<SqlTemplate> statements) {}
