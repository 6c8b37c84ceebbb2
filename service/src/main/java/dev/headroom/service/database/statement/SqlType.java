package dev.headroom.service.database.statement;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;

/** What a parameter's value is in Java. The server decides what it is in SQL, see {@link Param}. */
public enum SqlType {
    TEXT(String.class),
    INTEGER(Integer.class),
    BIGINT(Long.class),
    NUMERIC(BigDecimal.class),
    DOUBLE(Double.class),
    BOOLEAN(Boolean.class),
    UUID(java.util.UUID.class),
    DATE(LocalDate.class),
    TIME(LocalTime.class),
    TIMESTAMP(LocalDateTime.class),
    TIMESTAMPTZ(OffsetDateTime.class);

    private final Class<?> javaType;

    SqlType(Class<?> javaType) {
        this.javaType = javaType;
    }

    public Class<?> javaType() {
        return javaType;
    }
}
