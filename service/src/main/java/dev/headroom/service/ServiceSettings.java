package dev.headroom.service;

import dev.headroom.service.catalog.load.CatalogSettings;
import dev.headroom.service.database.DatabaseSettings;
import dev.headroom.service.http.ProfileSettings;
import dev.headroom.service.http.ServerSettings;
import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.service.settings.SettingsSection;
import io.helidon.config.Config;

/** Every setting of the service, as docs/settings.md lists them. */
public record ServiceSettings(
        ServerSettings server, ProfileSettings profile, DatabaseSettings database, CatalogSettings catalogs) {
    static ServiceSettings from(Config config, SettingsProblems problems) {
        return new ServiceSettings(
                ServerSettings.from(config, problems),
                ProfileSettings.from(config, problems),
                DatabaseSettings.from(config, problems),
                CatalogSettings.from(new SettingsSection(config, problems).section("catalogs")));
    }
}
