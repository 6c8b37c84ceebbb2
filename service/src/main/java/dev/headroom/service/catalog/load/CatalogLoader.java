package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Place;
import dev.headroom.service.catalog.SourceType;
import dev.headroom.support.Suggestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Loads every catalog that the settings name. */
public final class CatalogLoader {
    private final CatalogSettings settings;
    private final List<SourceType> sources;

    public CatalogLoader(CatalogSettings settings, List<SourceType> sources) {
        this.settings = settings;
        this.sources = List.copyOf(sources);
    }

    public LoadedCatalogs load() {
        Mistakes mistakes = new Mistakes();
        List<LoadedCatalog> catalogs = new ArrayList<>();
        for (CatalogFiles files : all(mistakes)) {
            new CatalogReader(files, settings, sources, mistakes).read().ifPresent(catalogs::add);
        }
        namedOnce(catalogs, mistakes);
        Clashes.find(catalogs, mistakes);
        settingsOfNobody(catalogs, mistakes);
        return new LoadedCatalogs(List.copyOf(catalogs), mistakes.all());
    }

    private List<CatalogFiles> all(Mistakes mistakes) {
        List<CatalogFiles> all = new ArrayList<>();
        List<String> bundled = ClasspathFiles.bundled();
        for (String name : settings.enabled()) {
            if (bundled.contains(name)) {
                all.add(new ClasspathFiles(name));
            } else {
                mistakes.add(
                        Place.setting("catalogs.enabled"),
                        "no bundled catalog is called '" + name + "'",
                        Suggestion.hint(name, bundled));
            }
        }
        for (Path folder : settings.folders()) {
            all.addAll(mounted(folder, mistakes));
        }
        return all;
    }

    /** A folder with a catalog.yaml is a catalog; any other holds catalogs. Hidden folders belong to whoever mounts. */
    private static List<CatalogFiles> mounted(Path folder, Mistakes mistakes) {
        if (Files.isRegularFile(folder.resolve(ClasspathFiles.YAML))) {
            return List.of(new FolderFiles(folder));
        }
        try (Stream<Path> entries = Files.list(folder)) {
            List<CatalogFiles> found = entries.filter(entry -> Files.isRegularFile(entry.resolve(ClasspathFiles.YAML)))
                    .filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .sorted()
                    .<CatalogFiles>map(FolderFiles::new)
                    .toList();
            if (found.isEmpty()) {
                mistakes.add(
                        Place.setting("catalogs.folders " + folder),
                        "there is no catalog in this folder",
                        "a catalog is a folder with a catalog.yaml");
            }
            return found;
        } catch (IOException unreadable) {
            mistakes.add(
                    Place.setting("catalogs.folders " + folder),
                    "this folder cannot be read",
                    "catalogs.folders names folders that are mounted and readable");
            return List.of();
        }
    }

    private static void namedOnce(List<LoadedCatalog> catalogs, Mistakes mistakes) {
        Map<String, Place> names = new HashMap<>();
        for (LoadedCatalog loaded : catalogs) {
            Place other =
                    names.putIfAbsent(loaded.catalog().name(), loaded.catalog().place());
            if (other != null) {
                mistakes.add(
                        loaded.catalog().place(),
                        "another catalog has the name '" + loaded.catalog().name() + "'",
                        "the other is " + other.file());
            }
        }
    }

    /** A slip of the pen in a catalog's name would leave its tables where they are not. */
    private void settingsOfNobody(List<LoadedCatalog> catalogs, Mistakes mistakes) {
        List<String> names =
                catalogs.stream().map(loaded -> loaded.catalog().name()).toList();
        for (String name : settings.named()) {
            if (!names.contains(name)) {
                mistakes.add(
                        Place.setting("catalogs." + name),
                        "no catalog that is served has this name",
                        Suggestion.hint(name, names));
            }
        }
    }
}
