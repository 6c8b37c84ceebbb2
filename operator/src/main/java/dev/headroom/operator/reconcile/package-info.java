/**
 * DbPerformance resources on a cluster. In: events of the API server and wake-ups. Out: passes over the concerns, one status patch, events,
 * and clean-up at deletion. All that knows Kubernetes is here. Start reading at {@link
 * dev.headroom.operator.reconcile.DbPerformanceReconciler}.
 */
@NullMarked
package dev.headroom.operator.reconcile;

import org.jspecify.annotations.NullMarked;
