/** What a concern is given and what it answers, with nothing of Kubernetes in it: the CLI runs the same concerns. */
@NullMarked
package dev.headroom.operator.concern;

import org.jspecify.annotations.NullMarked;
