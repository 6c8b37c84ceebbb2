package dev.headroom.service.catalog;

import java.util.Locale;

/** The types that a parameter can have; the names are those of catalog.yaml. */
public enum ParameterType {
    TEXT,
    INT,
    BIGINT,
    /** A number with a fraction, exact. */
    DECIMAL,
    BOOLEAN,
    UUID,
    DATE,
    /** Date and time without zone. */
    TIMESTAMP,
    /** Date and time with zone; a value without one is read as UTC. */
    TIMESTAMPTZ,
    /** One JSON value; bound as text that the database takes for json or jsonb. */
    JSON,
    /** One of the values listed in the entry; bound as text. */
    ENUM;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
