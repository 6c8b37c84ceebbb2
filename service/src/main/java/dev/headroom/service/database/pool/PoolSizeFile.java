package dev.headroom.service.database.pool;

import dev.headroom.service.database.settings.PoolSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

        static Published parse(String text) throws Nonsense {
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

        private static long number(Map<String, String> values, String name, long least, long most) throws Nonsense {
            String text = values.get(name);
            if (text == null) {
                throw new Nonsense("has no line " + name + "=…");
            }
            try {
                long number = Long.parseLong(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Told below.
            }
            throw new Nonsense(name + "=" + text + " is no whole number"
                    + (most == Long.MAX_VALUE ? " from " + least : " from " + least + " to " + most));
        }
    }

    /** The size in the file now, to start with; empty, and a log line, where there is none that can be understood. */
    public Optional<PoolSize> first() {
        read();
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
        check = PeriodicCheck.every(READ_EVERY, "the pool size file", () -> read().ifPresent(resize));
    }

    /** The generation in force; empty before the first. */
    public Optional<Long> generation() {
        return Optional.ofNullable(inForce).map(Published::generation);
    }

    /** The size, where the file has a newer one than before. */
    private Optional<PoolSize> read() {
        String text;
        try (InputStream file = Files.newInputStream(path)) {
            text = new String(file.readNBytes(LONGEST), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return Optional.empty(); // between two mounts: what is in force stays
        }
        if (text.equals(seen)) {
            return Optional.empty();
        }
        seen = text;
        try {
            return accepted(Published.parse(text));
        } catch (Nonsense e) {
            LOG.log(System.Logger.Level.WARNING, "{0} {1} {2}: the pool stays as it is", SETTING, path, e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<PoolSize> accepted(Published published) {
        Published before = inForce;
        if (before != null && published.generation() < before.generation()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} {1} has generation {2}, which is older than {3}: the pool stays as it is",
                    SETTING,
                    path,
                    String.valueOf(published.generation()),
                    String.valueOf(before.generation()));
            return Optional.empty();
        }
        inForce = published;
        LOG.log(
                System.Logger.Level.INFO,
                "pool size {0}, {1} kept ready, generation {2} of {3}",
                String.valueOf(published.size().maximum()),
                String.valueOf(published.size().minimumIdle()),
                String.valueOf(published.generation()),
                path);
        return Optional.of(published.size());
    }

    @Override
    public void close() {
        if (check != null) {
            check.close();
        }
    }

    /** The file says something that cannot be meant. */
    static final class Nonsense extends Exception {
        Nonsense(String why) {
            super(why);
        }
    }
}
