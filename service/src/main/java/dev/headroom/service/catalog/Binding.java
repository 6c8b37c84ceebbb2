package dev.headroom.service.catalog;

import dev.headroom.service.database.statement.Param;
import dev.headroom.service.database.statement.SqlType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** From a request's typed value to what the database binds. */
final class Binding {
    private Binding() {}

    static Param of(@Nullable Object value) {
        Object sample = value instanceof List<?> list && !list.isEmpty() ? list.getFirst() : value;
        return new Param(type(sample), value);
    }

    private static SqlType type(@Nullable Object value) {
        return switch (value) {
            case Integer ignored -> SqlType.INTEGER;
            case Long ignored -> SqlType.BIGINT;
            case BigDecimal ignored -> SqlType.NUMERIC;
            case Boolean ignored -> SqlType.BOOLEAN;
            case UUID ignored -> SqlType.UUID;
            case LocalDate ignored -> SqlType.DATE;
            case LocalDateTime ignored -> SqlType.TIMESTAMP;
            case OffsetDateTime ignored -> SqlType.TIMESTAMPTZ;
            case null, default -> SqlType.TEXT;
        };
    }
}
