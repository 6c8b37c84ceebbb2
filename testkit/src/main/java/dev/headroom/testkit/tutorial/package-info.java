/**
 * Plays the tutorials of docs/ as a reader would: every shell block in a real shell, every block of output compared. Start reading at {@link
 * dev.headroom.testkit.tutorial.Tutorial}, which has the rules.
 */
@NullMarked
package dev.headroom.testkit.tutorial;

import org.jspecify.annotations.NullMarked;
