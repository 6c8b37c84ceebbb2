/** What an endpoint is: catalogs of SQL endpoints are loaded, checked against the database, and asked for queries. */
@NullMarked
package dev.headroom.service.catalog;

import org.jspecify.annotations.NullMarked;
