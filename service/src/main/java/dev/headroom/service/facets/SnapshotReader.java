package dev.headroom.service.facets;

import dev.headroom.service.database.Database;
import dev.headroom.service.database.statement.Query;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds a snapshot from the row query: a row is an item, its place in the order is its position. */
final class SnapshotReader {
    /** The column that holds an item's JSON as answers show it. */
    static final String ITEM = "item";

    /** Beyond this many different texts in one column they are read anew, so that a build's memory stays bounded. */
    private static final int KNOWN_TEXTS = 50_000;

    private final AnswerShape shape;
    private final ItemStore.Builder items = new ItemStore.Builder();
    private final List<Column> columns = new ArrayList<>();

    private SnapshotReader(AnswerShape shape) {
        this.shape = shape;
    }

    static Snapshot read(Database database, FacetsSource source) {
        SnapshotReader reader = new SnapshotReader(source.shape());
        Map<String, byte[]> constants = new LinkedHashMap<>();
        try (ConsistentRead moment =
                ConsistentRead.open(database.direct(), source.policy().buildTimeout())) {
            moment.each(source.rows(), reader::take);
            source.constants().forEach((name, query) -> constants.put(name, constant(moment, query)));
        }
        return reader.finish(constants);
    }

    /** The values of one category as they come; equal texts, and they are many, are read once. */
    private static final class Column {
        private final int index;
        private final TagText.Form form;
        private final Category.Builder category;
        private final Map<String, List<String>> known = new HashMap<>();

        Column(int index, TagText.Form form, String name) {
            this.index = index;
            this.form = form;
            this.category = new Category.Builder(name);
        }

        void take(ResultSet row, int position) throws SQLException {
            String text = row.getString(index);
            if (text == null) {
                return;
            }
            List<String> values = known.get(text);
            if (values == null) {
                values = TagText.values(form, text);
                if (known.size() < KNOWN_TEXTS) {
                    known.put(text, values);
                }
            }
            category.add(position, values);
        }
    }

    private void take(ResultSet row) throws SQLException {
        if (columns.isEmpty()) {
            columns.addAll(columns(row));
        }
        byte[] item = row.getBytes(ITEM);
        int position = items.size();
        items.add(item == null ? "null".getBytes(StandardCharsets.US_ASCII) : item);
        for (Column column : columns) {
            column.take(row, position);
        }
    }

    private List<Column> columns(ResultSet row) throws SQLException {
        ResultSetMetaData described = row.getMetaData();
        List<Column> found = new ArrayList<>();
        for (String name : shape.categories()) {
            int index = row.findColumn(name);
            String type = described.getColumnTypeName(index).toLowerCase(Locale.ROOT);
            found.add(new Column(index, TagText.Form.of(type), name));
        }
        return found;
    }

    private static byte[] constant(ConsistentRead moment, Query query) {
        List<byte @Nullable []> found = new ArrayList<>();
        moment.each(query, row -> found.add(row.getBytes(1)));
        byte[] value = found.isEmpty() ? null : found.getFirst();
        return value == null ? "null".getBytes(StandardCharsets.US_ASCII) : value;
    }

    private Snapshot finish(Map<String, byte[]> constants) {
        List<Category> categories = columns.isEmpty()
                ? shape.categories().stream()
                        .map(name -> new Category.Builder(name).build())
                        .toList()
                : columns.stream().map(column -> column.category.build()).toList();
        return new Snapshot(categories, items.build(), shape, constants);
    }
}
