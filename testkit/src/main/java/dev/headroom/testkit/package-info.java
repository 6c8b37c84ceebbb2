/** Real PostgreSQL and Redis servers for tests and for {@code make run}: embedded, in containers, or somebody else's. */
@NullMarked
package dev.headroom.testkit;

import org.jspecify.annotations.NullMarked;
