package dev.headroom.operator.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigMapVolumeTest {

    @Test
    void eachVersionReplacesTheFolderBehindALink(@TempDir Path folder) throws IOException {
        ConfigMapVolume volume = new ConfigMapVolume(folder.resolve("pool"));
        volume.sync(null);
        assertThat(volume.folder().resolve("pool")).doesNotExist();

        volume.sync(configMap("maximum-pool-size=8"));
        Path first = volume.folder().resolve("..data").toRealPath();
        volume.sync(configMap("maximum-pool-size=4"));

        assertThat(volume.folder().resolve("pool")).isSymbolicLink().hasContent("maximum-pool-size=4");
        assertThat(volume.folder().resolve("..data").toRealPath()).isNotEqualTo(first);
    }

    private static ConfigMap configMap(String pool) {
        return new ConfigMapBuilder().addToData("pool", pool).build();
    }
}
