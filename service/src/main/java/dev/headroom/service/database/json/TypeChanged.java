package dev.headroom.service.database.json;

/** A value has more or fewer fields than its type had when it was asked for: the table that it is a row of was altered. */
public final class TypeChanged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TypeChanged() {
        super("a row's type was altered while the row was read", null, false, false);
    }
}
