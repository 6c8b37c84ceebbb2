/** How committed changes of tables are told by triggers and heard by whoever listens. */
@NullMarked
package dev.headroom.service.database.changes;

import org.jspecify.annotations.NullMarked;
