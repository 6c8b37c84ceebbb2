/**
 * The resource DbPerformance as records, from which the CRD's schema and the reference are generated. In: YAML as the API server
 * stores it. Out: a spec whose defaults are filled in, and the status that is written. Start reading at {@link
 * dev.headroom.operator.crd.DbPerformanceSpec}; what a schema cannot say is in {@link dev.headroom.operator.crd.Rules}.
 */
@NullMarked
package dev.headroom.operator.crd;

import org.jspecify.annotations.NullMarked;
