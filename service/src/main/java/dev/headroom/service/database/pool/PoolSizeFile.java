package dev.headroom.service.database.pool;

import dev.headroom.service.database.settings.PoolSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pool size that the operator publishes: a file of a mounted ConfigMap, with one {@code name=value} a line (docs/pool-size.md).
 * It is read a few times a second, which sees every change however the file was replaced. An older generation and a file that
 * cannot be understood change nothing: each is told once.
 */
public final class PoolSizeFile implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(PoolSizeFile.class.getName());
    private static final Duration READ_EVERY = Duration.ofMillis(250);
    private static final int LONGEST = 4096;
    private static final String SETTING = "database.pool.size-file";

    private final Path path;
    private String seen = "";
    private volatile @Nullable Published inForce;
    private @Nullable PeriodicCheck check;

    public PoolSizeFile(Path path) {
        this.path = path;
    }

    /** A size with its place in the order in which sizes were published. */
    record Published(long generation, PoolSize size) {

        static Published parse(String text) throws InvalidFile {
            if (text.length() > LONGEST) {
                throw new InvalidFile("is longer than " + LONGEST + " bytes");
            }
            if (text.startsWith("# java.")) {
                throw new InvalidFile("cannot be read (" + text.substring(2) + ")");
            }
            Map<String, String> values = new HashMap<>();
            for (String line : text.lines().map(String::strip).toList()) {
                int sign = line.indexOf('=');
                if (sign > 0 && !line.startsWith("#")) {
                    values.put(
                            line.substring(0, sign).strip(),
                            line.substring(sign + 1).strip());
                }
            }
            long maximum = number(values, "maximum-pool-size", 1, 1000);
            return new Published(number(values, "generation", 0, Long.MAX_VALUE), new PoolSize((int) maximum, (int)
                    number(values, "minimum-idle", 0, maximum)));
        }

        private static long number(Map<String, String> values, String name, long least, long most) throws InvalidFile {
            String text = values.get(name);
            if (text == null) {
                throw new InvalidFile("has no line " + name + "=…");
            }
            try {
                long number = Long.parseLong(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Told below.
            }
            throw new InvalidFile(name + "=" + text + " is no whole number"
                    + (most == Long.MAX_VALUE ? " from " + least : " from " + least + " to " + most));
        }
    }

    /** The size in the file now, to start with; empty, and a log line, where there is none that can be understood. */
    public Optional<PoolSize> first() {
        follow(size -> {});
        Published published = inForce;
        if (published == null && seen.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} {1} is not there yet: the pool starts with database.pool.maximum-pool-size",
                    SETTING,
                    path);
        }
        return Optional.ofNullable(published).map(Published::size);
    }

    /** Passes on each newer size from now on. */
    public void watch(Consumer<PoolSize> resize) {
        check = PeriodicCheck.every(READ_EVERY, "the pool size file", () -> follow(resize));
    }

    /** The generation in force; empty before the first. */
    public Optional<Long> generation() {
        return Optional.ofNullable(inForce).map(Published::generation);
    }

    /** Reads the file, and resizes where it has a newer size. A resize that fails is tried again at the next read. */
    void follow(Consumer<PoolSize> resize) {
        String text;
        try (InputStream file = Files.newInputStream(path)) {
            text = new String(file.readNBytes(LONGEST + 1), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return; // between two mounts: what is in force stays
        } catch (IOException e) {
            text = "# " + e;
        }
        if (text.equals(seen)) {
            return;
        }
        try {
            Published published = Published.parse(text);
            if (!isOlder(published)) {
                resize.accept(published.size());
                inForce = published;
                tell(published);
            }
        } catch (InvalidFile e) {
            LOG.log(System.Logger.Level.WARNING, "{0} {1} {2}: the pool stays as it is", SETTING, path, e.getMessage());
        }
        seen = text;
    }

    private boolean isOlder(Published published) {
        Published before = inForce;
        if (before == null || published.generation() >= before.generation()) {
            return false;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "{0} {1} has generation {2}, which is older than {3}: the pool stays as it is",
                SETTING,
                path,
                String.valueOf(published.generation()),
                String.valueOf(before.generation()));
        return true;
    }

    private void tell(Published published) {
        LOG.log(
                System.Logger.Level.INFO,
                "pool size {0}, {1} kept ready, generation {2} of {3}",
                String.valueOf(published.size().maximum()),
                String.valueOf(published.size().minimumIdle()),
                String.valueOf(published.generation()),
                path);
    }

    @Override
    public void close() {
        if (check != null) {
            check.close();
        }
    }

    /** A file that cannot be understood. */
    static final class InvalidFile extends Exception {
        InvalidFile(String why) {
            super(why);
        }
    }
}
