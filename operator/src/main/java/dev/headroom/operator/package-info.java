/**
 * The operator's program: its settings, its start and stop on a cluster, health, metrics and logs. In: arguments, environment and
 * a cluster. Out: a running reconciler, or one sentence that says why not. Start reading at {@link
 * dev.headroom.operator.OperatorMain}, then {@link dev.headroom.operator.RunningOperator}.
 */
@NullMarked
package dev.headroom.operator;

import org.jspecify.annotations.NullMarked;
