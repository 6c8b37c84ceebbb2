package dev.headroom.service.http.seen;

import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.service.settings.SettingsSection;
import io.helidon.config.Config;
import java.time.Duration;

/**
 * What is told about single requests.
 *
 * @param enabled whether answers carry their profile in headers
 * @param slowWarn a request over this is logged as a warning
 * @param slowError a request over this is logged as an error
 * @param slowLines so many of these lines are written in ten seconds, warnings and errors apart
 * @param kept how many of the slowest requests are remembered
 */
public record ProfileSettings(boolean enabled, Duration slowWarn, Duration slowError, int slowLines, int kept) {
    public static ProfileSettings from(Config root, SettingsProblems problems) {
        SettingsSection profile = new SettingsSection(root, problems).section("profile");
        Duration most = Duration.ofHours(1);
        ProfileSettings settings = new ProfileSettings(
                profile.flag("enabled", true),
                profile.duration("slow-request-warn", Duration.ofMillis(200), Duration.ZERO, most),
                profile.duration("slow-request-error", Duration.ofSeconds(1), Duration.ZERO, most),
                profile.integer("slow-request-lines", 20, 1, 100_000),
                profile.integer("slowest-requests", 50, 1, 10_000));
        if (settings.slowError.compareTo(settings.slowWarn) < 0) {
            profile.problem("slow-request-error", "expected at least slow-request-warn");
        }
        return settings;
    }
}
