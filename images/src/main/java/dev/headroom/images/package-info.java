/**
 * Container images as tar files: a Java runtime, the C libraries that it needs, the jars and an AOT cache go in, a tar for
 * {@code docker load} comes out. Start at {@link dev.headroom.images.BuildImages}.
 */
@NullMarked
package dev.headroom.images;

import org.jspecify.annotations.NullMarked;
