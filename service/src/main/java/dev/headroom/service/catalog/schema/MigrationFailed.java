package dev.headroom.service.catalog.schema;

import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;

/** A catalog's tables could not be brought up to date; the message names the setting to change. */
public final class MigrationFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MigrationFailed(String catalog, String schema, Throwable cause) {
        super(
                "the tables of catalog '" + catalog + "' could not be brought up to date in schema '" + schema
                        + "': " + reason(cause)
                        + ". If these tables are not this service's to change, set catalogs.migrate to false; to put its own"
                        + " elsewhere, set catalogs." + catalog + ".schema; behind PgBouncer, set database.direct-url.",
                cause);
    }

    /** Flyway's own advice names settings of Flyway, which nobody can set here. */
    private static String reason(Throwable cause) {
        boolean others = cause instanceof FlywayException refused
                && refused.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE;
        return others ? "it holds tables that this service did not make" : String.valueOf(cause.getMessage());
    }
}
