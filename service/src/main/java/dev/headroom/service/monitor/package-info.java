/** What the service and its database say about their own performance, as answers of endpoints. */
@NullMarked
package dev.headroom.service.monitor;

import org.jspecify.annotations.NullMarked;
