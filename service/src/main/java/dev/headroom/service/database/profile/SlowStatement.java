package dev.headroom.service.database.profile;

import java.time.Duration;
import java.time.Instant;

/** A statement over the warning threshold: never its SQL's values, only who asked and how long it took. */
public record SlowStatement(
        Instant at, String statement, Duration took, Duration waited, String route, String requestId) {}
