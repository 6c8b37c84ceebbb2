/**
 * What the service and the operator both need and no library has, on the JDK alone. Start reading at {@link
 * dev.headroom.support.Settings}; the other classes are values and functions.
 */
@NullMarked
package dev.headroom.support;

import org.jspecify.annotations.NullMarked;
