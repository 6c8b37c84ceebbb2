package dev.headroom.service.http.admin;

import dev.headroom.service.database.profile.SlowStatement;
import dev.headroom.service.database.profile.SlowStatements;
import dev.headroom.service.http.exchange.Json;
import dev.headroom.service.http.exchange.Reply;
import dev.headroom.service.http.seen.SlowRequest;
import dev.headroom.service.http.seen.SlowestRequests;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The slowest requests of the last minutes and the slow statements of late, as JSON: names and times, never values. */
public final class SlowestPage implements Supplier<Reply> {
    private static final int STATEMENTS = 50;
    private static final double NANOS_PER_MILLI = 1e6;

    private final SlowestRequests requests;
    private final SlowStatements statements;

    public SlowestPage(SlowestRequests requests, SlowStatements statements) {
        this.requests = requests;
        this.statements = statements;
    }

    @Override
    public Reply get() {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put(
                "requests",
                requests.slowest().stream().map(SlowestPage::request).toList());
        page.put(
                "statements",
                statements.slowest(STATEMENTS).stream()
                        .map(SlowestPage::statement)
                        .toList());
        return Reply.of(200, Reply.JSON, Json.write(page) + "\n");
    }

    private static Map<String, Object> request(SlowRequest slow) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("at", slow.at().toString());
        keys.put("method", slow.method());
        keys.put("route", slow.route());
        keys.put("status", slow.status());
        keys.put("took_ms", slow.took().toNanos() / NANOS_PER_MILLI);
        keys.put("queries", slow.queries());
        keys.put("querying_ms", slow.querying().toNanos() / NANOS_PER_MILLI);
        keys.put("waiting_ms", slow.waiting().toNanos() / NANOS_PER_MILLI);
        keys.put("request_id", slow.requestId());
        return keys;
    }

    private static Map<String, Object> statement(SlowStatement slow) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("at", slow.at().toString());
        keys.put("statement", slow.statement());
        keys.put("took_ms", slow.took().toNanos() / NANOS_PER_MILLI);
        keys.put("waited_ms", slow.waited().toNanos() / NANOS_PER_MILLI);
        keys.put("route", slow.route());
        keys.put("request_id", slow.requestId());
        return keys;
    }
}
