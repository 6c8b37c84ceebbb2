package dev.headroom.service.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A value that no log and no message ever shows: {@link #toString()} hides it. One that a file holds is read again each time
 * that it is asked for, which is at each login, so a rotated one needs no restart (docs/decisions/0101).
 */
public final class Secret {
    private static final System.Logger LOG = System.getLogger(Secret.class.getName());

    private final String setting;
    private final @Nullable Path file;
    private String last;
    private boolean complained;

    /** One that never changes. */
    public Secret(String value) {
        this("", null, value);
    }

    private Secret(String setting, @Nullable Path file, String value) {
        this.setting = setting;
        this.file = file;
        this.last = value;
    }

    /** One in a mounted file; the newline that an editor leaves at the end is not part of it. */
    static Optional<Secret> read(String setting, String path, Consumer<String> problem) {
        try {
            Path file = Path.of(path);
            String value = read(file);
            if (value.isEmpty()) {
                problem.accept("the file " + path + " is empty");
                return Optional.empty();
            }
            return Optional.of(new Secret(setting, file, value));
        } catch (IOException | IllegalArgumentException unreadable) {
            problem.accept("cannot read the file " + path + " ("
                    + unreadable.getClass().getSimpleName() + "): is it mounted, and readable by this user?");
            return Optional.empty();
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file).replaceFirst("\\R$", "");
    }

    /** As it is now. While the file is empty or cannot be read, as some are while they are replaced, as it was before. */
    public synchronized String value() {
        if (file != null) {
            try {
                String now = read(file);
                if (now.isEmpty()) {
                    complain("is empty");
                } else {
                    take(now);
                }
            } catch (IOException unreadable) {
                complain("cannot be read (" + unreadable.getClass().getSimpleName() + ")");
            }
        }
        return last;
    }

    private void take(String now) {
        boolean changed = !now.equals(last);
        if (changed || complained) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0}: {1}",
                    setting,
                    changed ? "the file has a new value, which new connections use" : "the file can be read again");
        }
        complained = false;
        last = now;
    }

    private void complain(String why) {
        if (!complained) {
            complained = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: the file {1} {2}; the last value that was read stays in use",
                    setting,
                    file,
                    why);
        }
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
