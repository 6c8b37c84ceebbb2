/** How an endpoint answers: computed for the request, or from the cache with what a client may keep. */
@NullMarked
package dev.headroom.service.http.endpoint;

import org.jspecify.annotations.NullMarked;
