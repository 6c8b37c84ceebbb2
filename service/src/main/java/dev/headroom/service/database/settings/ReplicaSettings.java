package dev.headroom.service.database.settings;

import dev.headroom.service.settings.SettingsSection;
import java.time.Duration;
import java.util.Optional;

/**
 * Where reads may go instead of the primary.
 *
 * @param acquireTimeout how long a read waits for the replica before it goes to the primary
 * @param probeInterval how often the replica is looked at, up or down
 * @param maxLag a replica that replays more than this behind is treated as down
 */
public record ReplicaSettings(String url, Duration acquireTimeout, Duration probeInterval, Duration maxLag) {

    static Optional<ReplicaSettings> from(SettingsSection replica) {
        return replica.text("url")
                .map(url -> new ReplicaSettings(
                        DatabaseSettings.checkedUrl(replica, "url", url),
                        replica.duration(
                                "acquire-timeout",
                                Duration.ofMillis(500),
                                Duration.ofMillis(250),
                                Duration.ofMinutes(1)),
                        replica.duration(
                                "probe-interval", Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofMinutes(1)),
                        replica.duration(
                                "max-lag", Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofDays(1))));
    }
}
