package dev.headroom.service.documents;

import dev.headroom.service.database.profile.StatementProfile;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is costly to make: made once however many ask at the same time, and never begun before it was asked for.
 * The one being made may have looked too early, so all who come while it is being made share the next.
 */
final class SharedScan {
    private final Supplier<byte[]> maker;

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

    SharedScan(Supplier<byte[]> maker) {
        this.maker = maker;
    }

    byte[] get() {
        Place place = place();
        if (place.mine()) {
            make(place.making());
        }
        return result(place.making());
    }

    private synchronized Place place() {
        if (running == null) {
            running = new Making(null);
            return new Place(running, true);
        }
        if (!running.begun) {
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
        StatementProfile.current().ifPresent(StatementProfile::share); // who waits for it stays
        try {
            byte[] made = maker.get();
            end();
            making.result.complete(made);
        } catch (RuntimeException | Error failed) {
            end();
            making.result.completeExceptionally(failed);
        }
    }

    private synchronized void end() {
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
