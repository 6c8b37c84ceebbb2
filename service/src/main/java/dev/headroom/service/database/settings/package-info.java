/** How the database is reached and used, as it is set: every part below is made from these and reads no configuration itself. */
@NullMarked
package dev.headroom.service.database.settings;

import org.jspecify.annotations.NullMarked;
