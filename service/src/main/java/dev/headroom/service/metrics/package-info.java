/** Lock-free measurements that the database and the HTTP side share, and that Prometheus can sum across pods. */
@NullMarked
package dev.headroom.service.metrics;

import org.jspecify.annotations.NullMarked;
