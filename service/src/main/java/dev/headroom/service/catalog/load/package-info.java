/** Reads catalogs from folders and the classpath: YAML and SQL files in, endpoints and every mistake out. */
@NullMarked
package dev.headroom.service.catalog.load;

import org.jspecify.annotations.NullMarked;
