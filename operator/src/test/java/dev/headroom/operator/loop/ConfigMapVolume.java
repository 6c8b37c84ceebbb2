package dev.headroom.operator.loop;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A ConfigMap mounted into a folder as a kubelet does it: each version in a folder of its own, the link {@code ..data}
 * replaced in one step, and a link to {@code ..data/<key>} for each key.
 */
final class ConfigMapVolume {
    private final Path folder;
    private @Nullable Map<String, String> mounted;

    ConfigMapVolume(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    Path folder() {
        return folder;
    }

    /** @param configMap null where there is none, which empties an optional volume */
    void sync(@Nullable ConfigMap configMap) throws IOException {
        Map<String, String> data =
                configMap == null || configMap.getData() == null ? Map.of() : Map.copyOf(configMap.getData());
        if (data.equals(mounted)) {
            return;
        }
        Path version = Files.createDirectory(folder.resolve("..version-" + UUID.randomUUID()));
        for (var file : data.entrySet()) {
            Files.writeString(version.resolve(file.getKey()), file.getValue());
        }
        Path next = Files.createSymbolicLink(folder.resolve("..data-next"), version.getFileName());
        Files.move(next, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        for (String key : data.keySet()) {
            if (!Files.isSymbolicLink(folder.resolve(key))) {
                Files.createSymbolicLink(folder.resolve(key), Path.of("..data", key));
            }
        }
        mounted = data;
    }
}
