/** Answers kept in process and in Redis, never older than a change we know of; docs/decisions/0090 is the model. */
@NullMarked
package dev.headroom.service.cache;

import org.jspecify.annotations.NullMarked;
