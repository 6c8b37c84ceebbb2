/** The DbPerformance resource as Java records, from which the CRD and its reference are generated. */
@NullMarked
package dev.headroom.operator.crd;

import org.jspecify.annotations.NullMarked;
