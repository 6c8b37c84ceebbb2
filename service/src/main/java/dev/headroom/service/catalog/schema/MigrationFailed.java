package dev.headroom.service.catalog.schema;

/** A catalog's tables could not be brought up to date; the message names the setting to change. */
public final class MigrationFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MigrationFailed(String catalog, String schema, Throwable cause) {
        super(
                "the tables of catalog '" + catalog + "' could not be brought up to date in schema '" + schema
                        + "': " + cause.getMessage()
                        + ". If these tables are not this service's to change, set catalogs.migrate to false; to put its own"
                        + " elsewhere, set catalogs." + catalog + ".schema; behind PgBouncer, set database.direct-url.",
                cause);
    }
}
