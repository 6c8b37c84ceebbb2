package dev.headroom.service;

import dev.headroom.service.cache.CacheSettings;
import dev.headroom.service.catalog.load.CatalogSettings;
import dev.headroom.service.database.settings.DatabaseSettings;
import dev.headroom.service.documents.DocumentsSettings;
import dev.headroom.service.http.ServerSettings;
import dev.headroom.service.http.seen.ProfileSettings;
import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.service.settings.SettingsSection;
import io.helidon.config.Config;

/**
 * Every setting of the service, as docs/settings.md lists them.
 *
 * @param sampleScale fills the catalogs' empty tables with sample data before serving, for trying things out; 0 does not
 * @param sampleSeed with another one the rows are others
 */
public record ServiceSettings(
        ServerSettings server,
        ProfileSettings profile,
        DatabaseSettings database,
        CatalogSettings catalogs,
        DocumentsSettings documents,
        double sampleScale,
        int sampleSeed,
        CacheSettings cache) {
    private static final double LARGEST_SAMPLE = 100;

    static ServiceSettings from(Config config, SettingsProblems problems) {
        SettingsSection root = new SettingsSection(config, problems);
        return new ServiceSettings(
                ServerSettings.from(config, problems),
                ProfileSettings.from(config, problems),
                DatabaseSettings.from(config, problems),
                CatalogSettings.from(root.section("catalogs")),
                DocumentsSettings.from(config, problems),
                root.section("catalogs").decimal("sample-scale", 0, 0, LARGEST_SAMPLE),
                root.section("catalogs").integer("sample-seed", 42, 0, Integer.MAX_VALUE),
                CacheSettings.from(config, problems));
    }
}
