/** Statements on PostgreSQL: pooled, bounded, measured, and their rows as JSON; knows nothing of catalogs or HTTP. */
@NullMarked
package dev.headroom.service.database;

import org.jspecify.annotations.NullMarked;
