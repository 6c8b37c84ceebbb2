/**
 * Reads of a database for the plan. In: sessions. Out: tables, indexes, what the declarations mean to this server, what a build would
 * have to wait for. Start reading at {@link dev.headroom.operator.index.look.Observer}.
 */
@NullMarked
package dev.headroom.operator.index.look;

import org.jspecify.annotations.NullMarked;
