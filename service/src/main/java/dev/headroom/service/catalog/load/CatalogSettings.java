package dev.headroom.service.catalog.load;

import dev.headroom.service.settings.SettingsSection;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which catalogs are served, and where their tables are.
 *
 * @param enabled the bundled catalogs to serve
 * @param folders mounted catalogs: each a catalog itself, or a folder of catalogs
 * @param migrate whether the schema of each catalog is created and brought up to date at start
 * @param schemas by catalog: the schema of its tables, where it is not the catalog's own choice
 * @param tables by catalog: single tables that are elsewhere
 */
public record CatalogSettings(
        List<String> enabled,
        List<Path> folders,
        boolean migrate,
        Map<String, String> schemas,
        Map<String, Map<String, String>> tables) {

    static final Set<String> RESERVED = Set.of("enabled", "folders", "migrate", "sample-scale", "sample-seed");

    /** Reads the section {@code catalogs}. */
    public static CatalogSettings from(SettingsSection section) {
        Map<String, String> schemas = new HashMap<>();
        Map<String, Map<String, String>> tables = new HashMap<>();
        for (String catalog : section.names()) {
            if (RESERVED.contains(catalog)) {
                continue;
            }
            SettingsSection own = section.section(catalog);
            own.text("schema").ifPresent(schema -> schemas.put(catalog, schema));
            Map<String, String> elsewhere = new LinkedHashMap<>();
            SettingsSection mapped = own.section("tables");
            for (String table : mapped.names()) {
                mapped.text(table).ifPresent(name -> elsewhere.put(table, name));
            }
            tables.put(catalog, elsewhere);
        }
        return new CatalogSettings(
                section.list("enabled", ClasspathFiles.bundled()),
                section.list("folders", List.of()).stream().map(Path::of).toList(),
                section.flag("migrate", true),
                schemas,
                tables);
    }

    /** The bundled catalogs named, and nothing else set. */
    public static CatalogSettings bundled(String... enabled) {
        return new CatalogSettings(List.of(enabled), List.of(), true, Map.of(), Map.of());
    }

    /** The catalogs that something is set for. */
    Set<String> named() {
        Set<String> named = new TreeSet<>(schemas.keySet());
        tables.forEach((catalog, elsewhere) -> {
            if (!elsewhere.isEmpty()) {
                named.add(catalog);
            }
        });
        return named;
    }

    TableNames tables(String catalog, String standardSchema) {
        return new TableNames(schemas.getOrDefault(catalog, standardSchema), tables.getOrDefault(catalog, Map.of()));
    }
}
