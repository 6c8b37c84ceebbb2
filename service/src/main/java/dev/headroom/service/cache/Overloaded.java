package dev.headroom.service.cache;

/** Too many answers are being computed already; nothing was started. */
public final class Overloaded extends RuntimeException {
    private static final long serialVersionUID = 1;

    Overloaded(String message) {
        super(message);
    }
}
