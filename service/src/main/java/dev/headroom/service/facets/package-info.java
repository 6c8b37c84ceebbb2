/** Filtering and counting over a whole set at once: an immutable snapshot of it, and bitmap algebra for each request. */
@NullMarked
package dev.headroom.service.facets;

import org.jspecify.annotations.NullMarked;
