/**
 * The way to one database. In: a spec and a Secret's values. Out: sessions with their limits, TLS and a count, or the reason why
 * there is none. There is no pool: a look opens a session and closes it. Start reading at {@link
 * dev.headroom.operator.database.DatabaseAccess}.
 */
@NullMarked
package dev.headroom.operator.database;

import org.jspecify.annotations.NullMarked;
