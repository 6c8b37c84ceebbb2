package dev.headroom.service.http.openapi;

import dev.headroom.service.http.exchange.Call;
import dev.headroom.service.http.exchange.Json;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.exchange.Route;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Serves the description at {@code /openapi}, JSON or YAML as Accept asks, and at {@code /openapi.json} and {@code
 * /openapi.yaml}, where tools look for it without asking.
 */
public final class OpenApiRoute implements Route.Target {
    private static final String OPENAPI_JSON = "application/vnd.oai.openapi+json";
    private static final String YAML = "application/yaml";

    private volatile Map<String, Object> description;

    /** Starts with what is known before the database was asked. */
    public OpenApiRoute(Map<String, Object> description) {
        this.description = description;
    }

    /** The same with columns, once the statements have been prepared. */
    public void replace(Map<String, Object> newDescription) {
        description = newDescription;
    }

    public List<Route> routes() {
        return List.of(
                Route.page("/openapi", List.of(Reply.JSON, OPENAPI_JSON, YAML), this),
                Route.page("/openapi.json", List.of(Reply.JSON, OPENAPI_JSON), this),
                Route.page("/openapi.yaml", List.of(YAML), this));
    }

    @Override
    public Reply answer(Call call) {
        boolean yaml = call.accepted().equals(YAML);
        Reply reply = yaml ? Reply.of(200, YAML, yaml()) : Reply.of(200, call.accepted(), Json.write(description));
        return reply.with("Cache-Control", "no-cache").with("Vary", "Accept");
    }

    private String yaml() {
        DumpSettings block = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setDereferenceAliases(true)
                .build();
        return new Dump(block).dumpToString(description);
    }
}
