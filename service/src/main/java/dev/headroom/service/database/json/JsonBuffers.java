package dev.headroom.service.database.json;

import java.util.concurrent.ArrayBlockingQueue;

/**
 * Buffers between two uses. Not one per thread: requests run on virtual threads, of which there are thousands and each
 * only once. A buffer that one giant answer blew up is dropped.
 */
public final class JsonBuffers {

    private static final int FIRST_SIZE = 16 * 1024;
    private static final int KEPT_SIZE = 2 * 1024 * 1024;
    private static final int KEPT = 32;

    private final ArrayBlockingQueue<JsonBuffer> idle = new ArrayBlockingQueue<>(KEPT);

    public JsonBuffer take() {
        JsonBuffer buffer = idle.poll();
        return buffer == null ? new JsonBuffer(FIRST_SIZE) : buffer;
    }

    public void giveBack(JsonBuffer buffer) {
        if (buffer.capacity() <= KEPT_SIZE) {
            buffer.clear();
            idle.offer(buffer);
        }
    }
}
