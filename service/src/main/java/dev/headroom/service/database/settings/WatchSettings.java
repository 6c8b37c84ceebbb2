package dev.headroom.service.database.settings;

import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.service.settings.SettingsSection;
import io.helidon.config.Config;
import java.time.Duration;

/**
 * From when on a statement is worth a line in the log.
 *
 * @param slowWarn a statement over this is logged as a warning
 * @param slowError a statement over this is logged as an error
 * @param slowLines so many of these lines are written in ten seconds, warnings and errors apart
 * @param repeated the same statement this often in one request is reported: it should be one statement
 * @param logValues whether log lines carry parameter values, which can be personal data: off unless asked for
 */
public record WatchSettings(Duration slowWarn, Duration slowError, int slowLines, int repeated, boolean logValues) {

    public static WatchSettings defaults() {
        return new WatchSettings(Duration.ofMillis(100), Duration.ofMillis(500), 20, 10, false);
    }

    /** Reads {@code profile.*}. */
    public static WatchSettings from(Config root, SettingsProblems problems) {
        SettingsSection profile = new SettingsSection(root, problems).section("profile");
        WatchSettings defaults = defaults();
        Duration most = Duration.ofHours(1);
        Duration warn = profile.duration("slow-statement-warn", defaults.slowWarn, Duration.ZERO, most);
        Duration error = profile.duration("slow-statement-error", defaults.slowError, Duration.ZERO, most);
        if (error.compareTo(warn) < 0) {
            profile.problem("slow-statement-error", "expected at least slow-statement-warn");
        }
        return new WatchSettings(
                warn,
                error,
                profile.integer("slow-statement-lines", defaults.slowLines, 1, 100_000),
                profile.integer("repeated-statements", defaults.repeated, 2, 10_000),
                profile.flag("log-parameter-values", defaults.logValues));
    }
}
