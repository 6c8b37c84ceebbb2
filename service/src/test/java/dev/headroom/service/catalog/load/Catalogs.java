package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Mistake;
import dev.headroom.service.catalog.SourceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Catalogs in folders, as somebody mounts them. */
public final class Catalogs {
    private final Path folder;

    public Catalogs(Path folder) {
        this.folder = folder;
    }

    /** Writes a file into the folder. */
    public Catalogs with(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public LoadedCatalogs load(SourceType... sources) {
        return load(Map.of(), sources);
    }

    /** With tables of catalog {@code shop} put elsewhere. */
    public LoadedCatalogs load(Map<String, String> tables, SourceType... sources) {
        var settings = new CatalogSettings(List.of(), List.of(folder), true, Map.of(), Map.of("shop", tables));
        return new CatalogLoader(settings, List.of(sources)).load();
    }

    /** As they are told, with file names in place of paths. */
    public List<String> mistakes(SourceType... sources) {
        return load(sources).mistakes().stream().map(this::told).toList();
    }

    public String told(Mistake mistake) {
        return mistake.toString().replace(folder + "/", "");
    }
}
