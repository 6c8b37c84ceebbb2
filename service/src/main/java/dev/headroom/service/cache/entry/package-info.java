/** One kept answer, and its name. */
@NullMarked
package dev.headroom.service.cache.entry;

import org.jspecify.annotations.NullMarked;
