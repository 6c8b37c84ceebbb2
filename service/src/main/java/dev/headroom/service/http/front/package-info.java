/** The API's port: one thread reads all connections and answers what it can at once; a thread of its own does the rest. */
@NullMarked
package dev.headroom.service.http.front;

import org.jspecify.annotations.NullMarked;
