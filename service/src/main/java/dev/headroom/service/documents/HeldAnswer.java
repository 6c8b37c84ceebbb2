package dev.headroom.service.documents;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is costly to make: held for a while, and made once however many ask at the same time. Who asks for a fresh
 * one wants what is true now, and the one being made may have looked too early: all who come while it is being made share
 * the next.
 */
final class HeldAnswer {
    private final Supplier<byte[]> maker;
    private final Duration held;
    private final InstantSource clock;

    private byte @Nullable [] answer;
    private Instant madeAt = Instant.MIN;
    private @Nullable Making running;
    private @Nullable Making next;

    /** One making of the answer, and the one that must end before it begins. */
    private static final class Making {
        final CompletableFuture<byte[]> result = new CompletableFuture<>();
        final @Nullable Making after;
        boolean begun;

        Making(@Nullable Making after) {
            this.after = after;
        }
    }

    private record Place(Making making, boolean mine) {}

    HeldAnswer(Supplier<byte[]> maker, Duration held, InstantSource clock) {
        this.maker = maker;
        this.held = held;
        this.clock = clock;
    }

    byte[] get(boolean fresh) {
        byte[] good = fresh ? null : good();
        if (good != null) {
            return good;
        }
        Place place = place(fresh);
        if (place.mine()) {
            make(place.making());
        }
        return result(place.making());
    }

    private synchronized byte @Nullable [] good() {
        return answer != null && clock.instant().isBefore(madeAt.plus(held)) ? answer : null;
    }

    private synchronized Place place(boolean fresh) {
        if (running == null) {
            running = new Making(null);
            return new Place(running, true);
        }
        if (!fresh || !running.begun) {
            return new Place(running, false);
        }
        if (next == null) {
            next = new Making(running);
            return new Place(next, true);
        }
        return new Place(next, false);
    }

    private void make(Making making) {
        if (making.after != null) {
            making.after.result.handle((made, failed) -> true).join();
        }
        synchronized (this) {
            making.begun = true;
        }
        try {
            byte[] made = maker.get();
            end(made);
            making.result.complete(made);
        } catch (RuntimeException | Error failed) {
            end(null);
            making.result.completeExceptionally(failed);
        }
    }

    /** A failure is not held, and takes nothing away from what is. */
    private synchronized void end(byte @Nullable [] made) {
        if (made != null) {
            answer = made;
            madeAt = clock.instant();
        }
        running = next;
        next = null;
    }

    private static byte[] result(Making making) {
        try {
            return making.result.join();
        } catch (CompletionException failed) {
            switch (failed.getCause()) {
                case RuntimeException known -> throw known;
                case Error grave -> throw grave;
                case null, default -> throw failed;
            }
        }
    }
}
