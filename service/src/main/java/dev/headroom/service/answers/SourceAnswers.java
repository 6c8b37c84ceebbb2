package dev.headroom.service.answers;

import dev.headroom.service.catalog.Arguments;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.SqlSource;
import dev.headroom.service.database.Database;
import dev.headroom.service.database.statement.Query;
import dev.headroom.service.documents.DocumentAnswers;
import dev.headroom.service.documents.DocumentsSource;
import dev.headroom.service.http.endpoint.EndpointTarget;
import java.util.Optional;

/** Computes an answer from where the endpoint says that it comes from: a statement is run, documents are read. */
public final class SourceAnswers implements EndpointTarget.Answers {
    private final Database database;
    private final DocumentAnswers documents;

    public SourceAnswers(Database database, DocumentAnswers documents) {
        this.database = database;
        this.documents = documents;
    }

    @Override
    public Optional<byte[]> answer(Endpoint endpoint, Arguments arguments) {
        return switch (endpoint.source()) {
            case SqlSource sql -> run(endpoint, sql.query(endpoint.name(), arguments));
            case DocumentsSource _ -> Optional.of(documents.answer(endpoint));
            default ->
                throw new IllegalStateException("endpoint " + endpoint.name() + " has another way to its answers");
        };
    }

    private Optional<byte[]> run(Endpoint endpoint, Query query) {
        return switch (endpoint.answer()) {
            case LIST -> Optional.of(database.list(query));
            case OBJECT -> database.object(query);
            case DOCUMENT -> database.document(query);
        };
    }
}
