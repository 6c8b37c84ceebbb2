/** The level that all instances share: entries, leases, counted changes and signs of life in Redis; never in the way. */
@NullMarked
package dev.headroom.service.cache.shared;

import org.jspecify.annotations.NullMarked;
