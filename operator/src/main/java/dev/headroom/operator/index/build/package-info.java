/** Does what was decided: takes the lock, runs the statements as Flyway migrations, watches, cancels, tries again. */
@NullMarked
package dev.headroom.operator.index.build;

import org.jspecify.annotations.NullMarked;
