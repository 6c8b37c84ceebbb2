/**
 * The decisions about indexes, without a connection or a clock. In: the state of a database and what is declared. Out: the next step for
 * each index, and by simulation all that follow. Start reading at {@link dev.headroom.operator.index.plan.IndexPlanner}; decision
 * 0060 has the states.
 */
@NullMarked
package dev.headroom.operator.index.plan;

import org.jspecify.annotations.NullMarked;
