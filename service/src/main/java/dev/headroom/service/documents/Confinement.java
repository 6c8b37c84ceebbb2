package dev.headroom.service.documents;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The directories of the setting documents.roots as they are now, and what lies in them. */
final class Confinement {
    /** What a process with a poorer character set says of a name. */
    static final String FOREIGN = "has a name that this process cannot write: start the service with LC_ALL=C.UTF-8";

    private final List<Path> named;
    private final List<Path> real = new ArrayList<>();
    private final List<String> mistakes = new ArrayList<>();

    Confinement(List<Path> roots) {
        named = roots.stream().map(Path::normalize).toList();
        for (Path root : named) {
            try {
                Path found = root.toRealPath();
                if (Files.isDirectory(found)) {
                    real.add(found);
                } else {
                    mistakes.add("documents.roots: " + root + " is no directory");
                }
            } catch (IOException absent) {
                mistakes.add("documents.roots: " + root + " " + reason(absent));
            }
        }
        if (named.isEmpty()) {
            mistakes.add("documents.roots names no directory, so no repository is read");
        }
    }

    /** What is wrong with the setting itself. */
    List<String> mistakes() {
        return List.copyOf(mistakes);
    }

    /**
     * The folder of a repository; empty when it is not there or was never said to be in one of the directories. A path
     * that begins in one and leaves it, by {@code ..} or a link, is refused.
     */
    Optional<Confined> repository(String localPath) throws NotReadable {
        Path written;
        try {
            written = Path.of(localPath);
        } catch (InvalidPathException notOne) {
            throw new NotReadable(
                    localPath.indexOf('\0') < 0 ? "the local path " + FOREIGN : "the local path is not a path");
        }
        if (!written.isAbsolute()) {
            throw new NotReadable("the local path is not absolute");
        }
        if (!within(written.normalize())) {
            if (within(written)) {
                throw new NotReadable("the local path leaves documents.roots by '..'");
            }
            return Optional.empty();
        }
        try {
            Optional<Confined> found = holding(written.toRealPath());
            if (found.isEmpty()) {
                throw new NotReadable("the local path leaves documents.roots by a symbolic link");
            }
            return found;
        } catch (NoSuchFileException | NotDirectoryException absent) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new NotReadable("the local path " + reason(unreadable));
        }
    }

    Optional<Confined> holding(Path realPath) {
        return real.stream().filter(realPath::startsWith).findFirst().map(root -> new Confined(root, realPath));
    }

    private boolean within(Path path) {
        return named.stream().anyMatch(path::startsWith) || real.stream().anyMatch(path::startsWith);
    }

    /** In words that tell nothing of the server's folders. */
    static String reason(IOException failed) {
        return switch (failed) {
            case NoSuchFileException gone -> "does not exist";
            case AccessDeniedException denied -> "may not be read by this user";
            case FileSystemException other when other.getReason() != null -> "cannot be read: " + other.getReason();
            default -> "cannot be read: " + failed.getClass().getSimpleName();
        };
    }
}
