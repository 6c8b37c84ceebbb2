package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.CachePolicy;
import dev.headroom.service.catalog.Catalog;
import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.Place;
import dev.headroom.service.catalog.SourceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads one catalog. */
final class CatalogReader {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    private final CatalogFiles files;
    private final CatalogSettings settings;
    private final List<SourceType> sources;
    private final Mistakes mistakes;

    CatalogReader(CatalogFiles files, CatalogSettings settings, List<SourceType> sources, Mistakes mistakes) {
        this.files = files;
        this.settings = settings;
        this.sources = sources;
        this.mistakes = mistakes;
    }

    Optional<LoadedCatalog> read() {
        Place start = new Place(files.describe(ClasspathFiles.YAML), 1);
        try {
            Optional<String> text = files.read(ClasspathFiles.YAML);
            if (text.isEmpty()) {
                mistakes.add(start, "there is no such file", "a catalog is a folder with a catalog.yaml");
                return Optional.empty();
            }
            SqlFiles sqlFiles = new SqlFiles(files, mistakes);
            var document = YamlDocument.parse(text.get(), start, mistakes);
            if (document.isEmpty()) {
                return Optional.empty();
            }
            YamlMap root = new YamlMap(document.get(), start, sqlFiles, mistakes);
            LoadedCatalog catalog = catalog(root, sqlFiles);
            root.finish();
            sqlFiles.finish(start);
            return Optional.of(catalog);
        } catch (IOException unreadable) {
            mistakes.add(
                    start,
                    "cannot be read: " + unreadable.getMessage(),
                    "a file is text in UTF-8, readable and not larger than 16 MB");
            return Optional.empty();
        }
    }

    private LoadedCatalog catalog(YamlMap root, SqlFiles sqlFiles) throws IOException {
        String name = root.text("name");
        if (!name.isEmpty() && (!NAME.matcher(name).matches() || CatalogSettings.RESERVED.contains(name))) {
            root.mistake("name", "'" + name + "' cannot be a catalog's name", "small letters, digits and dashes");
        }
        TableNames tables = settings.tables(name, root.text("schema", name));
        sqlFiles.tablesAre(tables);
        Map<String, CachePolicy> policies = PolicyReader.read(root);
        EndpointReader reader =
                new EndpointReader(name, root.flag("strict", false), policies, sources, sqlFiles, mistakes);
        List<Endpoint> endpoints = new ArrayList<>();
        root.maps("endpoints").forEach((path, entry) -> endpoints.add(reader.read(path, entry)));
        if (endpoints.isEmpty()) {
            root.mistake("endpoints", "there are no endpoints", "add one under 'endpoints'");
        }
        endpoints.sort(Comparator.comparing(endpoint -> endpoint.path().precedence()));
        Catalog catalog = new Catalog(
                name,
                root.optionalText("title").orElse(null),
                root.optionalText("description").orElse(null),
                tables.schema(),
                List.copyOf(endpoints),
                root.place());
        List<String> read = sqlFiles.tables();
        return new LoadedCatalog(catalog, files, tables, read, SampleReader.read(root, files, sqlFiles, mistakes));
    }
}
