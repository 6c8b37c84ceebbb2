package dev.headroom.operator.database;

/** A user and a password that never shows in a log. */
public record Credentials(String user, String password) {

    @Override
    public String toString() {
        return "Credentials[" + user + "]";
    }
}
