/** How much is written to the log: enough to find what is wrong, and no flood of it. */
@NullMarked
package dev.headroom.service.logging;

import org.jspecify.annotations.NullMarked;
