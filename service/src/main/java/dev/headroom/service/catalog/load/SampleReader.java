package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Place;
import dev.headroom.service.catalog.SqlTemplate;
import dev.headroom.support.Suggestion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code sample} (how many rows each table has at scale 1) and the files that make them. */
final class SampleReader {
    private static final String FOLDER = "sample";

    private SampleReader() {}

    static Sample read(YamlMap root, CatalogFiles files, SqlFiles sqlFiles, Mistakes mistakes) throws IOException {
        Map<String, Long> rows = new LinkedHashMap<>();
        root.map("sample").ifPresent(sample -> {
            for (String table : sample.keys()) {
                rows.put(table, sample.number(table, 1, 1, Integer.MAX_VALUE));
            }
        });
        List<SqlTemplate> statements = new ArrayList<>();
        for (String file : files.list(FOLDER)) {
            Place asked = new Place(files.describe(FOLDER), 1);
            SqlTemplate statement = sqlFiles.statement(FOLDER + "/" + file, asked);
            for (String name : statement.placeholders()) {
                if (!rows.containsKey(name)) {
                    mistakes.add(
                            statement.placeOf(name),
                            "'" + name + "' is not a table under 'sample' in catalog.yaml",
                            Suggestion.hint(name, rows.keySet()));
                }
            }
            statements.add(statement);
        }
        return new Sample(rows, statements);
    }
}
