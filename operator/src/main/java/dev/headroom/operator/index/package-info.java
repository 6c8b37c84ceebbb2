/**
 * The concern for indexes. In: a pass over one resource. Out: indexes that are built, replaced and dropped online, and their report.
 * {@code look} reads the database, {@code plan} decides purely, {@code build} works on threads of its own. Start reading at {@link
 * dev.headroom.operator.index.IndexConcern}.
 */
@NullMarked
package dev.headroom.operator.index;

import org.jspecify.annotations.NullMarked;
