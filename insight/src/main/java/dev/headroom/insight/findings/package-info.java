/** What is wrong with a database's indexes, and the SQL that would mend it: pure judgements of what was read. */
@NullMarked
package dev.headroom.insight.findings;

import org.jspecify.annotations.NullMarked;
