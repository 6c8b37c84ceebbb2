package dev.headroom.service.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** A value that no log and no message ever shows: {@link #toString()} hides it. */
public record Secret(String value) {
    /** Reads a mounted secret; the newline that an editor leaves at the end is not part of it. */
    static Optional<Secret> read(String path, Consumer<String> problem) {
        try {
            return Optional.of(new Secret(Files.readString(Path.of(path)).replaceFirst("\\R$", "")));
        } catch (IOException | IllegalArgumentException unreadable) {
            problem.accept("cannot read the file " + path + " ("
                    + unreadable.getClass().getSimpleName() + "): is it mounted, and readable by this user?");
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
