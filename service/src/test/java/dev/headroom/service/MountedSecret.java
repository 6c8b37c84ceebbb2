package dev.headroom.service;

import dev.headroom.testkit.process.Unchecked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file as the kubelet mounts a Secret's key: a symbolic link to {@code ..data/KEY}, where {@code ..data} is a link that is
 * moved to another directory when the Secret changes.
 */
public final class MountedSecret {
    private final Path folder;
    private final String key;
    private int version;

    public MountedSecret(Path folder, String key, String value) {
        this.folder = folder;
        this.key = key;
        replace(value);
        Unchecked.io(() -> Files.createSymbolicLink(file(), Path.of("..data", key)));
    }

    /** What a setting names. */
    public Path file() {
        return folder.resolve(key);
    }

    /** All at once, as the kubelet does it. */
    public void replace(String value) {
        version++;
        Unchecked.io(() -> {
            Path next = Files.createDirectory(folder.resolve("..version_" + version));
            Files.writeString(next.resolve(key), value);
            Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), next.getFileName());
            return Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        });
    }

    /** As it is while somebody who is no kubelet replaces it. */
    public void remove() {
        Unchecked.io(() -> Files.deleteIfExists(folder.resolve("..data")));
    }
}
