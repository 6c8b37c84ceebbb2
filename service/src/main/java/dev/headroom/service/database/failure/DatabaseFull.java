package dev.headroom.service.database.failure;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** The server has no room left on its disk (SQLSTATE 53100): reads need some too, for sorts and hashes beyond work_mem. */
public final class DatabaseFull extends DatabaseFailure {

    DatabaseFull(String statement, SQLException cause) {
        super(
                "statement " + statement + " could not run because the disk of the database server is full"
                        + " (SQLSTATE 53100): make room there",
                cause);
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(Duration.ofSeconds(30));
    }

    @Override
    public String kind() {
        return "disk_full";
    }
}
