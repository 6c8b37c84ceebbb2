/** Which server a read goes to: the replica while that is well and current, the primary otherwise. */
@NullMarked
package dev.headroom.service.database.replica;

import org.jspecify.annotations.NullMarked;
