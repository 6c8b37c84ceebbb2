/** What PostgreSQL's catalogs and statistics say: one topic per class, one statement per method, records out. */
@NullMarked
package dev.headroom.insight;

import org.jspecify.annotations.NullMarked;
