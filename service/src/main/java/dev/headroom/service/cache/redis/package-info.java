/** A connection to Redis, whatever its topology, and what may be done over it: settings, breaker, clock, several questions in one message. */
@NullMarked
package dev.headroom.service.cache.redis;

import org.jspecify.annotations.NullMarked;
