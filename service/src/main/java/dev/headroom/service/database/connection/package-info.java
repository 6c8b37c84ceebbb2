/** How a physical connection is opened, and the reason when none can be. */
@NullMarked
package dev.headroom.service.database.connection;

import org.jspecify.annotations.NullMarked;
