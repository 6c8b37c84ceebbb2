/** What is seen of each request: counts and times, the access log, slow ones. */
@NullMarked
package dev.headroom.service.http.seen;

import org.jspecify.annotations.NullMarked;
