/** What the outside sees: routes, answers and problems, health and metrics, and what one request cost. */
@NullMarked
package dev.headroom.service.http;

import org.jspecify.annotations.NullMarked;
