package dev.headroom.operator.reconcile;

import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.database.DatabaseAccess;

/** The way to a resource's database, or why there is none. */
sealed interface Access {

    record Open(DatabaseAccess database) implements Access {}

    record Closed(Verdict why) implements Access {}
}
