/** Creates a catalog's tables and fills them with sample data; nothing here runs while requests are served. */
@NullMarked
package dev.headroom.service.catalog.schema;

import org.jspecify.annotations.NullMarked;
