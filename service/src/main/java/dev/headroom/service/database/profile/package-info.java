/** What is seen of every statement: the metrics, the profile of the request that it runs for, and the log and list of the slow ones. */
@NullMarked
package dev.headroom.service.database.profile;

import org.jspecify.annotations.NullMarked;
