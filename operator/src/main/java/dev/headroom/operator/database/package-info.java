/** The way to a resource's database: credentials, TLS, and counted connections. */
@NullMarked
package dev.headroom.operator.database;

import org.jspecify.annotations.NullMarked;
