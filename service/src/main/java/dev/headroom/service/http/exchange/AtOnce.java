package dev.headroom.service.http.exchange;

import org.jspecify.annotations.Nullable;

/** How a request that came before is answered again, as long as its answer is in this process: it waits for nothing. */
@FunctionalInterface
public interface AtOnce {
    /** The answer, or null where it has to be looked for elsewhere. */
    @Nullable
    Reply answer(Call call);
}
