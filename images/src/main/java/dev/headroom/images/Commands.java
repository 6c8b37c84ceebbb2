package dev.headroom.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Other programs, waited for. */
final class Commands {

    private Commands() {}

    /** Runs a command to its end, with what it prints in a file, and fails with that when its exit code is not 0. */
    static void run(List<String> command, Path log) throws IOException, InterruptedException {
        int code = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException(
                    String.join(" ", command) + " ended with code " + code + ":\n" + Files.readString(log));
        }
    }

    /** The first line that a command prints; empty when it cannot be run, fails or prints nothing. */
    static Optional<String> firstLine(Path folder, String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? printed.lines().findFirst() : Optional.empty();
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }
}
