package dev.headroom.service.http.front;

import io.helidon.common.context.Context;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.media.MediaContext;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.http.DirectHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What Helidon's side of a connection asks of the port that it came by. */
record Surroundings(
        Context context,
        MediaContext mediaContext,
        ContentEncodingContext contentEncodingContext,
        DirectHandlers directHandlers,
        ListenerConfig config,
        ExecutorService executor)
        implements ListenerContext {

    static Surroundings of(ListenerConfig config, DirectHandlers directHandlers) {
        return new Surroundings(
                Context.create(),
                MediaContext.create(),
                ContentEncodingContext.create(),
                directHandlers,
                config,
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("connection-", 0).factory()));
    }
}
