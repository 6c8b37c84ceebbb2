/** A connection to Redis, whatever its topology: settings, circuit breaker, clock, several questions in one message. */
@NullMarked
package dev.headroom.service.cache.redis;

import org.jspecify.annotations.NullMarked;
