/** DbPerformance resources on a cluster: from a resource to its concerns, and from their reports to one status patch. */
@NullMarked
package dev.headroom.operator.reconcile;

import org.jspecify.annotations.NullMarked;
