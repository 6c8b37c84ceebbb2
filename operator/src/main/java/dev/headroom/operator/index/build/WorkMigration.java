package dev.headroom.operator.index.build;

import java.sql.SQLException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/** A piece of work in the form that Flyway runs. It keeps what was thrown, which Flyway would bury in texts. */
final class WorkMigration implements JavaMigration {
    private static final int DESCRIPTION_LIMIT = 200;

    private final String version;
    private final String description;
    private final History.Work work;
    private boolean ran;
    private @Nullable Exception thrown;

    WorkMigration(String version, String description, History.Work work) {
        this.version = version;
        this.description = description;
        this.work = work;
    }

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion(version);
    }

    @Override
    public String getDescription() {
        return description.length() <= DESCRIPTION_LIMIT ? description : description.substring(0, DESCRIPTION_LIMIT);
    }

    @Override
    public @Nullable Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return false;
    }

    @Override
    public void migrate(Context context) throws Exception {
        ran = true;
        try {
            work.on(context.getConnection());
        } catch (Exception e) {
            thrown = e;
            throw e;
        }
    }

    boolean ran() {
        return ran;
    }

    void rethrow() throws SQLException, InterruptedException {
        switch (thrown) {
            case null -> {}
            case SQLException e -> throw e;
            case InterruptedException e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new IllegalStateException(thrown);
        }
    }
}
