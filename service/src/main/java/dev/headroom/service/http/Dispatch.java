package dev.headroom.service.http;

import dev.headroom.service.database.profile.StatementProfile;
import dev.headroom.service.http.exchange.Accept;
import dev.headroom.service.http.exchange.Call;
import dev.headroom.service.http.exchange.Problem;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.exchange.Route;
import dev.headroom.service.http.exchange.Routes;
import java.util.List;
import java.util.Optional;

/** From a request to its answer: route, method, form, target. What goes wrong becomes a problem. */
final class Dispatch {
    private static final List<String> METHODS = List.of("GET", "HEAD", "OPTIONS");
    private static final String ALLOW = String.join(", ", METHODS);

    private final Routes routes;
    private final Cors cors;
    private final Faults faults;
    private final Health health;

    Dispatch(Routes routes, Cors cors, Faults faults, Health health) {
        this.routes = routes;
        this.cors = cors;
        this.faults = faults;
        this.health = health;
    }

    /** Always answers. */
    Reply answer(Call call, StatementProfile profile) {
        try {
            return found(call, profile);
        } catch (Throwable failure) {
            return faults.reply(call, failure);
        }
    }

    private Reply found(Call call, StatementProfile profile) {
        Optional<Routes.Match> match = routes.find(call.rawPath());
        if (match.isEmpty()) {
            throw Problem.notFound("There is nothing at this path; / lists what there is.");
        }
        call.matched(match.get());
        profile.route(call.route());
        Route route = match.get().route();
        return switch (call.method()) {
            case "GET", "HEAD" -> acceptable(route, call);
            case "OPTIONS" -> options(call);
            default -> throw Problem.methodNotAllowed(call.method(), METHODS);
        };
    }

    private Reply acceptable(Route route, Call call) {
        call.accepted(Accept.choose(call.header("Accept"), route.produces())
                .orElseThrow(() -> new Problem(
                        Problem.Kind.NOT_ACCEPTABLE,
                        "This path answers " + String.join(" or ", route.produces()) + ".")));
        if (route.opened() && health.phase() == Health.Phase.STARTING) {
            throw new Problem(Problem.Kind.STARTING, "The service has not reached its database yet.").retryAfter(2);
        }
        return route.target().answer(call);
    }

    private Reply options(Call call) {
        Reply reply = Reply.empty(204).with("Allow", ALLOW);
        var preflight = cors.preflight(call.header("Origin"), call.header("Access-Control-Request-Method"));
        for (var header : preflight.entrySet()) {
            reply = reply.with(header.getKey(), header.getValue());
        }
        return reply;
    }
}
