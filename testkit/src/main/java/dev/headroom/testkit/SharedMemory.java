package dev.headroom.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The System V segment by which PostgreSQL guards its data directory; macOS has 32 of them in all. */
final class SharedMemory {

    private static final int LINE_WITH_KEY_AND_ID = 7;

    private SharedMemory() {}

    /** A server that was killed, and will not start again, leaves its pid file and the segment named in it. */
    static void releaseLeftBy(Path dataDirectory) throws IOException {
        Path pidFile = dataDirectory.resolve("postmaster.pid");
        List<String> lines = Files.exists(pidFile) ? Files.readAllLines(pidFile) : List.of();
        if (lines.size() < LINE_WITH_KEY_AND_ID) {
            return;
        }
        String[] keyAndId = lines.get(LINE_WITH_KEY_AND_ID - 1).strip().split("\\s+", 2);
        if (keyAndId.length == 2) {
            new ProcessBuilder("ipcrm", "-m", keyAndId[1])
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }
    }
}
