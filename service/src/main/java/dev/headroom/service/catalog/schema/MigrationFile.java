package dev.headroom.service.catalog.schema;

import dev.headroom.service.catalog.load.CatalogFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.flywaydb.core.api.resource.LoadableResource;

/** One {@code schema/V*.sql}, read once, given to Flyway without any scanning. */
final class MigrationFile extends LoadableResource {
    static final String FOLDER = "schema";
    private static final Pattern NAME = Pattern.compile("V([0-9][0-9._]*)__.+\\.sql");

    private final String name;
    private final String path;
    private final String text;

    private MigrationFile(String name, String path, String text) {
        this.name = name;
        this.path = path;
        this.text = text;
    }

    static List<MigrationFile> of(CatalogFiles files) {
        try {
            List<MigrationFile> found = new ArrayList<>();
            for (String name : files.list(FOLDER)) {
                String file = FOLDER + "/" + name;
                found.add(new MigrationFile(
                        name, files.describe(file), files.read(file).orElse("")));
            }
            return found;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + files.describe(FOLDER), unreadable);
        }
    }

    /** As the history has it; a name that Flyway would refuse has none, and is left to Flyway to refuse. */
    String version() {
        Matcher version = NAME.matcher(name);
        return version.matches() ? version.group(1).replace('_', '.') : "";
    }

    /** The checksum that Flyway keeps: of the lines, so that line ends do not matter. */
    int checksum() {
        CRC32 crc = new CRC32();
        try (BufferedReader lines = new BufferedReader(new StringReader(text))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                crc.update(line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return (int) crc.getValue();
    }

    @Override
    public Reader read() {
        return new StringReader(text);
    }

    @Override
    public String getAbsolutePath() {
        return path;
    }

    @Override
    public String getAbsolutePathOnDisk() {
        return path;
    }

    @Override
    public String getFilename() {
        return name;
    }

    @Override
    public String getRelativePath() {
        return name;
    }
}
