package dev.headroom.service.facets;

import dev.headroom.service.settings.Durations;
import java.time.Duration;

/** There is nothing to answer from: the first build still runs, and the request has waited for it as long as it may. */
public final class NotBuiltYet extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotBuiltYet(String name, Duration waited) {
        super(
                name + " is still being read from the database for the first time, after "
                        + Durations.format(waited)
                        + " (wait in its entry); what is read and how long that may take (build-timeout) stand there too",
                null,
                false,
                false);
    }
}
