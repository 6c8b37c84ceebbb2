/** Holds catalogs against the database: every statement prepared, every mistake told, and what each endpoint reads. */
@NullMarked
package dev.headroom.service.catalog.check;

import org.jspecify.annotations.NullMarked;
