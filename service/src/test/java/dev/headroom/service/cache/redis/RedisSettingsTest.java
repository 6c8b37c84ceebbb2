package dev.headroom.service.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.service.settings.SettingsSection;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class RedisSettingsTest {

    private static Optional<RedisSettings> read(SettingsProblems problems, String... keysAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        var root = new SettingsSection(Config.just(ConfigSources.create(values)), problems);
        return RedisSettings.from(root.section("redis"));
    }

    public static RedisSettings of(String... keysAndValues) {
        var problems = new SettingsProblems();
        RedisSettings settings = read(problems, keysAndValues).orElseThrow();
        assertThat(problems.all()).isEmpty();
        return settings;
    }

    private static List<String> problems(String... keysAndValues) {
        var problems = new SettingsProblems();
        read(problems, keysAndValues);
        return problems.all();
    }

    @Test
    void aPasswordBesideOneInTheUrlIsAProblem(@TempDir Path folder) throws Exception {
        String file = Files.writeString(folder.resolve("password"), "in-file").toString();
        for (String[] second :
                List.of(new String[] {"redis.password", "as-text"}, new String[] {"redis.password-file", file})) {
            assertThat(problems("redis.url", "redis://:in-url@redis:6379", second[0], second[1]))
                    .singleElement()
                    .asString()
                    .startsWith("redis.password: ")
                    .contains("redis.url", "keep one")
                    .doesNotContain("in-url", "in-file", "as-text");
        }
    }

    @Test
    void aUserBesideOneInTheUrlIsAProblem() {
        assertThat(problems("redis.url", "redis://ann@redis:6379", "redis.user", "bob"))
                .singleElement()
                .asString()
                .startsWith("redis.user: ")
                .contains("redis.url", "keep one");
    }

    @Test
    void aUserInTheUrlAndAPasswordElsewhereGoTogether() {
        assertThat(problems("redis.url", "redis://ann@redis:6379", "redis.password", "secret"))
                .isEmpty();
        assertThat(problems("redis.url", "redis://:secret@redis:6379", "redis.user", "ann"))
                .isEmpty();
    }

    @Test
    void whereRedisIsLookedForIsSaidWithoutWhoLooks() {
        assertThat(of("redis.url", "rediss://ann:secret@redis/2").address()).isEqualTo("redis:6379");
        assertThat(of("redis.sentinel.nodes", "a:1,b:2", "redis.sentinel.master", "one")
                        .address())
                .isEqualTo("one of the sentinels a:1, b:2");
        assertThat(of("redis.cluster.nodes", "a:1,b:1,c:1,d:1,e:1,f:1").address())
                .isEqualTo("a:1, b:1, c:1, d:1, e:1, …");
    }
}
