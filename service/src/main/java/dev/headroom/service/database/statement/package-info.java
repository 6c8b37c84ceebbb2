/** What is asked of the database and how its rows are read: values that name, hold and describe a statement, nothing that runs one. */
@NullMarked
package dev.headroom.service.database.statement;

import org.jspecify.annotations.NullMarked;
