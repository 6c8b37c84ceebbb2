/** The operator's program: settings, wiring, start and stop. */
@NullMarked
package dev.headroom.operator;

import org.jspecify.annotations.NullMarked;
