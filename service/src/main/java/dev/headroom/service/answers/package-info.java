/** How the answers of endpoints come about: computed by the kind of their source, kept, and ended by changes of their tables. */
@NullMarked
package dev.headroom.service.answers;

import org.jspecify.annotations.NullMarked;
