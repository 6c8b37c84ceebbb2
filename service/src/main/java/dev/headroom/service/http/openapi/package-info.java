/** The OpenAPI 3.1 description of what the catalogs serve, from their entries and from what their statements answer with. */
@NullMarked
package dev.headroom.service.http.openapi;

import org.jspecify.annotations.NullMarked;
