/** Reads what the decisions need from one database: tables and rights, expected shapes, blockers, builds under way. */
@NullMarked
package dev.headroom.operator.index.look;

import org.jspecify.annotations.NullMarked;
