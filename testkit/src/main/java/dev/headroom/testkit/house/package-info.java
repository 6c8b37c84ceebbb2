/** The house rules of docs/architecture.md, as tests that every module runs on its own code. */
@NullMarked
package dev.headroom.testkit.house;

import org.jspecify.annotations.NullMarked;
