package dev.headroom.service.database.statement;

import java.util.List;

/**
 * A statement to run: its name (for metrics and logs; few and fixed, never made of user input), its SQL with a {@code ?}
 * for each parameter (an operator that contains a question mark is written {@code ??}), and the values.
 */
public record Query(String name, String sql, List<Param> params) {

    public Query {
        params = List.copyOf(params);
    }

    public static Query of(String name, String sql, Param... params) {
        return new Query(name, sql, List.of(params));
    }
}
