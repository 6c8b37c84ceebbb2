/**
 * Work on indexes, off the reconcile thread. In: an observation with its plan and the limits of the spec. Out: statements run one step
 * at a time under the table's advisory lock, watched, cancelled on a deadline, and entered in the history. Start reading at {@link
 * dev.headroom.operator.index.build.IndexWork}, then {@link dev.headroom.operator.index.build.IndexTask}.
 */
@NullMarked
package dev.headroom.operator.index.build;

import org.jspecify.annotations.NullMarked;
