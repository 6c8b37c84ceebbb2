/** The concern for indexes: what is wanted, compared with what is, built and dropped online, and reported. */
@NullMarked
package dev.headroom.operator.index;

import org.jspecify.annotations.NullMarked;
