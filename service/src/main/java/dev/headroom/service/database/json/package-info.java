/** Rows to UTF-8 JSON, from the bytes that the server sent, without an object per row or per value. */
@NullMarked
package dev.headroom.service.database.json;

import org.jspecify.annotations.NullMarked;
