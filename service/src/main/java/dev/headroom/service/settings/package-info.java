/** How settings are read: every key with its bounds, every mistake collected, so that one start tells all of them. */
@NullMarked
package dev.headroom.service.settings;

import org.jspecify.annotations.NullMarked;
