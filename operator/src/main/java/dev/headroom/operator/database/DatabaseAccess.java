package dev.headroom.operator.database;

import dev.headroom.operator.crd.DatabaseSpec;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * One database, resolved: where, as whom, how protected. Every connection is a new one (there is no pool: a session is
 * opened for a look and closed after it, a build has one of its own).
 */
public interface DatabaseAccess {

    DatabaseSpec spec();

    /**
     * A new session for a look: its statements end within seconds, whatever the server or the network does.
     * {@code purpose} stands in its application_name, so that a DBA sees what it is for.
     */
    Connection open(String purpose) throws SQLException;

    /** A new session for work that may take hours; it sets its own statement limits. */
    Connection openForWork(String purpose) throws SQLException;
}
