package dev.headroom.service.database.failure;

import org.jspecify.annotations.Nullable;

/** The client that asked went away before its statement had ended, or begun: nobody is there to be answered. */
public final class CalledOff extends DatabaseFailure {

    public CalledOff(String statement, @Nullable Throwable cause) {
        super("statement " + statement + " was called off: the client that asked for it went away", cause);
    }

    @Override
    public String kind() {
        return "called_off";
    }
}
