/** The port for those who run the service: health, metrics, the slowest requests. */
@NullMarked
package dev.headroom.service.http.admin;

import org.jspecify.annotations.NullMarked;
