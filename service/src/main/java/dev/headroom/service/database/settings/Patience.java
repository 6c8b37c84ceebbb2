package dev.headroom.service.database.settings;

import java.time.Duration;

/** How many calls may wait for their turn at a pool, and for how long. */
public record Patience(int longest, Duration time) {}
