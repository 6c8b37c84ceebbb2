/** Connections to one server: who gets one and in which order, what runs on it, bounded and measured, and how the server is found gone and back. */
@NullMarked
package dev.headroom.service.database.pool;

import org.jspecify.annotations.NullMarked;
