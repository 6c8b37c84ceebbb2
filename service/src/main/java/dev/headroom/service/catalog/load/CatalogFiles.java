package dev.headroom.service.catalog.load;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The files of one catalog, in a folder or on the classpath. */
public interface CatalogFiles {

    /** A file's text; nothing when there is no such file. Names are relative, with forward slashes. */
    Optional<String> read(String name) throws IOException;

    /** Names of the files directly in a folder ({@code ""} is the catalog itself), sorted; none when it is missing. */
    List<String> list(String folder) throws IOException;

    /** What to call a file in messages, so that a person finds it. */
    String describe(String name);
}
