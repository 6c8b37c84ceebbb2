package dev.headroom.insight.findings;

import dev.headroom.insight.Index;
import dev.headroom.insight.Index.IndexKey;
import dev.headroom.insight.Index.IndexRole;
import dev.headroom.insight.Index.IndexShape;
import dev.headroom.insight.Index.IndexState;
import dev.headroom.insight.Name;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Indexes as a reader writes them: {@code unique t using hash (a desc, lower(b)) include (c) where a > 1 constraint}. */
final class IndexText {
    private static final Pattern FORM = Pattern.compile("(?<unique>unique )?(?<table>\\w+)(?: using (?<method>\\w+))?"
            + " \\((?<keys>.*?)\\)(?: include \\((?<include>.*?)\\))?(?: where (?<where>.*?))?"
            + "(?<constraint> constraint)?(?<identity> identity)?(?<attached> attached)?(?<invalid> invalid)?");

    private IndexText() {}

    static Index index(String name, String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("no index: " + text);
        }
        boolean unique = m.group("unique") != null;
        boolean constraint = m.group("constraint") != null;
        boolean valid = m.group("invalid") == null;
        String method = m.group("method") == null ? "btree" : m.group("method");
        return new Index(
                name.hashCode(),
                new Name("s", name),
                new Name("s", m.group("table")),
                new IndexShape(
                        method,
                        list(m.group("keys")).stream().map(IndexText::key).toList(),
                        list(m.group("include")),
                        m.group("where"),
                        List.of()),
                new IndexRole(
                        unique || constraint,
                        false,
                        false,
                        constraint ? name : null,
                        m.group("identity") != null,
                        false),
                new IndexState(valid, true, true, false),
                false,
                m.group("attached") == null ? null : new Name("s", "parent_of_" + name),
                "CREATE INDEX " + name + " ON s." + text,
                8192,
                0,
                null,
                0);
    }

    static IndexShape shape(String text) {
        return index("ix", text).shape();
    }

    /** {@code a}, {@code lower(b)}, {@code c desc}, {@code d text_pattern_ops}, {@code e collate C}. */
    private static IndexKey key(String text) {
        String[] words = text.split(" ", -1);
        boolean descending = text.contains(" desc");
        String collation = text.contains(" collate ") ? words[2] : null;
        String opclass = text.endsWith("_ops") ? words[words.length - 1] : "default_ops";
        boolean column = words[0].matches("\\w+");
        return new IndexKey(words[0], column ? words[0] : null, opclass, collation, descending, descending);
    }

    private static List<String> list(String text) {
        return text == null || text.isBlank() ? List.of() : Arrays.asList(text.split(", ", -1));
    }
}
