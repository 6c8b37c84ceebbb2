package dev.headroom.service.http.endpoint;

import dev.headroom.service.catalog.Arguments;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.http.exchange.Call;
import dev.headroom.service.http.exchange.Problem;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.exchange.Route;
import java.util.Optional;

/**
 * An endpoint of a catalog whose answers are never reused: parameters read, answer computed, 404 where there is none. No
 * ETag: it would cost a digest of every answer, and saves the client's line, not our database.
 */
public final class EndpointTarget implements Route.Target {

    /** Where an answer comes from: the database, or documents on disk. */
    @FunctionalInterface
    public interface Answers {
        /** JSON in UTF-8, or nothing where there is no such row. */
        Optional<byte[]> answer(Endpoint endpoint, Arguments arguments);
    }

    private final Endpoint endpoint;
    private final Answers answers;

    public EndpointTarget(Endpoint endpoint, Answers answers) {
        this.endpoint = endpoint;
        this.answers = answers;
    }

    @Override
    public Reply answer(Call call) {
        Arguments arguments = endpoint.read(call.pathParameters(), call.query());
        return answers.answer(endpoint, arguments)
                .map(body -> LiveReply.json(call, body))
                .orElseThrow(() -> Problem.notFound("There is no row with these parameters."));
    }
}
