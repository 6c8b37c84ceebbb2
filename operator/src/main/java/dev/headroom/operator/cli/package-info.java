/** plan and apply: the same concerns on a file and a terminal, without a cluster. */
@NullMarked
package dev.headroom.operator.cli;

import org.jspecify.annotations.NullMarked;
