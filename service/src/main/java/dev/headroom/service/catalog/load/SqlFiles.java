package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Place;
import dev.headroom.service.catalog.SqlTemplate;
import dev.headroom.support.Suggestion;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A catalog's SQL files: each read once, its tables named as the settings say. */
final class SqlFiles {
    private static final int MOST_CHARACTERS = 1_000_000;

    private final CatalogFiles files;
    private final Mistakes mistakes;
    private final Map<String, SqlTemplate> read = new HashMap<>();
    private final Set<String> tables = new TreeSet<>();
    private TableNames names = new TableNames("public", Map.of());

    SqlFiles(CatalogFiles files, Mistakes mistakes) {
        this.files = files;
        this.mistakes = mistakes;
    }

    /** Known only after the catalog's own schema was read. */
    void tablesAre(TableNames known) {
        this.names = known;
    }

    SqlTemplate statement(String file, Place asked) {
        return read.computeIfAbsent(file, name -> parse(name, asked));
    }

    SqlTemplate predicate(String sql, Place place) {
        return resolved(SqlTemplate.predicate(sql, place));
    }

    private SqlTemplate parse(String file, Place asked) {
        Place place = new Place(files.describe(file), 1);
        Optional<String> text = text(file, asked);
        return text.isEmpty() ? new SqlTemplate(place, List.of()) : resolved(SqlTemplate.statement(text.get(), place));
    }

    private Optional<String> text(String file, Place asked) {
        if (file.isEmpty()) {
            return Optional.empty(); // told already: the key is missing
        }
        try {
            Optional<String> text = files.read(file);
            if (text.isEmpty()) {
                mistakes.add(
                        asked, "there is no file '" + file + "' in this catalog", Suggestion.hint(file, sqlFiles()));
            } else if (text.get().length() > MOST_CHARACTERS) {
                mistakes.add(
                        new Place(files.describe(file), 1),
                        "this statement has " + text.get().length() + " characters, and one has at most "
                                + MOST_CHARACTERS,
                        "put its data into a table");
                return Optional.empty();
            }
            return text;
        } catch (IOException unreadable) {
            mistakes.add(
                    asked,
                    "the file '" + file + "' cannot be read: " + unreadable.getMessage(),
                    "it is text in UTF-8, readable and not larger than 16 MB");
            return Optional.empty();
        }
    }

    private SqlTemplate resolved(SqlTemplate.Parsed parsed) {
        mistakes.addAll(parsed.mistakes());
        tables.addAll(parsed.template().tables());
        return parsed.template().resolve(names::qualified);
    }

    /** Every table that was named until now, as the database is told it. */
    List<String> tables() {
        return tables.stream().map(names::qualified).toList();
    }

    /** Tells SQL files that nothing uses, and mapped tables that no statement names: both are slips of the pen. */
    void finish(Place catalog) throws IOException {
        Set<String> unused = new TreeSet<>(sqlFiles());
        unused.removeAll(read.keySet());
        for (String file : unused) {
            mistakes.add(
                    new Place(files.describe(file), 1),
                    "no endpoint uses this file",
                    "name it in an entry, or remove it");
        }
        Set<String> unknown = new HashSet<>(names.elsewhere().keySet());
        unknown.removeAll(tables);
        for (String table : unknown) {
            mistakes.add(
                    catalog,
                    "the settings put table '" + table + "' elsewhere, and no statement names it",
                    Suggestion.hint(table, tables));
        }
    }

    private Set<String> sqlFiles() {
        try {
            return new TreeSet<>(files.list("").stream()
                    .filter(name -> name.endsWith(".sql"))
                    .toList());
        } catch (IOException unreadable) {
            return Set.of();
        }
    }
}
