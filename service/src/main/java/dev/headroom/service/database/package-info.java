/** Statements in, JSON or records out: the one door to PostgreSQL, wired of the packages below; knows nothing of catalogs or HTTP. */
@NullMarked
package dev.headroom.service.database;

import org.jspecify.annotations.NullMarked;
