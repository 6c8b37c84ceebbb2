/** Decides, from records alone, the next step of each index; knows no connection and no clock. */
@NullMarked
package dev.headroom.operator.index.plan;

import org.jspecify.annotations.NullMarked;
