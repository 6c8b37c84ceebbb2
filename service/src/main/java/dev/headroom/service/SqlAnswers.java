package dev.headroom.service;

import dev.headroom.service.catalog.Arguments;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.SqlSource;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.Query;
import dev.headroom.service.http.EndpointTarget;
import java.util.Optional;

/** Answers an endpoint whose source is a statement by running it. */
final class SqlAnswers implements EndpointTarget.Answers {
    private final Database database;

    SqlAnswers(Database database) {
        this.database = database;
    }

    @Override
    public Optional<byte[]> answer(Endpoint endpoint, Arguments arguments) {
        if (!(endpoint.source() instanceof SqlSource sql)) {
            throw new IllegalStateException("endpoint " + endpoint.name() + " is not a statement");
        }
        Query query = sql.query(endpoint.name(), arguments);
        return switch (endpoint.answer()) {
            case LIST -> Optional.of(database.list(query));
            case OBJECT -> database.object(query);
            case DOCUMENT -> database.document(query);
        };
    }
}
