package dev.headroom.service.database.failure;

import java.sql.SQLException;

/** The server could not take a bound value for what the statement needs (SQLSTATE class 22): a bad request. */
public final class ValueRefused extends DatabaseFailure {

    public ValueRefused(String statement, SQLException cause) {
        super(
                "a parameter of statement " + statement + " has a value that the database does not accept (SQLSTATE "
                        + cause.getSQLState() + ")",
                cause);
    }

    @Override
    public String kind() {
        return "value_refused";
    }
}
