/**
 * The command line: plan and apply for the resources of a file, without a cluster. In: YAML and options. Out: text or JSON and an exit
 * code. It runs the same concerns as the operator does. Start reading at {@link dev.headroom.operator.cli.OperatorCommandLine}.
 */
@NullMarked
package dev.headroom.operator.cli;

import org.jspecify.annotations.NullMarked;
