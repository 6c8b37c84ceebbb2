package dev.headroom.operator.index.plan;

/** A declaration that cannot become a statement; the message is for the one who wrote it. */
public final class Undeclarable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Undeclarable(String message) {
        super(message);
    }
}
