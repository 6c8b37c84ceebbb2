package dev.headroom.operator.capacity.control;

import static java.util.Objects.requireNonNullElse;

import dev.headroom.operator.capacity.Sequencer.Published;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ConfigMap with the pool size (docs/pool-size.md): its key {@code pool} is for the pods, {@code history} for this operator,
 * which remembers nothing itself.
 *
 * @param version its resource version; null where there is no ConfigMap yet
 * @param history oldest first; empty when nothing was published, or what stands there cannot be understood
 */
public record PoolConfigMap(@Nullable String version, List<Published> history) {

    public static final PoolConfigMap NONE = new PoolConfigMap(null, List.of());

    static final String POOL = "pool";
    static final String HISTORY = "history";

    public PoolConfigMap {
        history = List.copyOf(history);
    }

    /** Reads the data of a ConfigMap. Where a person edited it into nonsense, it counts as never published. */
    public static PoolConfigMap of(@Nullable String version, @Nullable Map<String, String> data) {
        List<Published> history = new ArrayList<>();
        try {
            for (String line : requireNonNullElse(data, Map.<String, String>of())
                    .getOrDefault(HISTORY, "")
                    .lines()
                    .toList()) {
                String[] words = line.split(" ", -1);
                history.add(new Published(
                        Long.parseLong(words[0]),
                        Integer.parseInt(words[1]),
                        Instant.ofEpochMilli(Long.parseLong(words[2]))));
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            history.clear();
        }
        boolean sound = history.stream().allMatch(each -> each.size() > 0 && each.generation() >= 0);
        return new PoolConfigMap(version, sound ? history : List.of());
    }

    /** The data of the ConfigMap. */
    public static Map<String, String> data(List<Published> history, int minimumIdle) {
        Published current = history.getLast();
        StringBuilder lines = new StringBuilder();
        history.forEach(each -> lines.append(
                "%d %d %d\n".formatted(each.generation(), each.size(), each.at().toEpochMilli())));
        return Map.of(
                POOL,
                "generation=%d\nmaximum-pool-size=%d\nminimum-idle=%d\n"
                        .formatted(current.generation(), current.size(), Math.min(minimumIdle, current.size())),
                HISTORY,
                lines.toString());
    }
}
