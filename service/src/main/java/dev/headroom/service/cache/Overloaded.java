package dev.headroom.service.cache;

/** Too many answers are being computed already; nothing was started. */
public final class Overloaded extends RuntimeException {
    private static final long serialVersionUID = 1;

    Overloaded(int permits) {
        super("%d answers are being computed already and none ended in time; raise cache.computations or try again"
                .formatted(permits));
    }
}
