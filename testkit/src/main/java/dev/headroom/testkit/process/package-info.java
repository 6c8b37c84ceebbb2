/** Programs we start and that must never outlive us: where their binaries lie, as whom they run, who stops them. */
@NullMarked
package dev.headroom.testkit.process;

import org.jspecify.annotations.NullMarked;
