/** A request and its answer as handlers see them, and the routes between both; nothing of sockets. */
@NullMarked
package dev.headroom.service.http.exchange;

import org.jspecify.annotations.NullMarked;
