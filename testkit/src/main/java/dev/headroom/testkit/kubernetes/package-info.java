/** Kubernetes API servers for tests, from somebody's cluster down to one inside this JVM, and what plays their controllers. */
@NullMarked
package dev.headroom.testkit.kubernetes;

import org.jspecify.annotations.NullMarked;
