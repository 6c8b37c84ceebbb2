package dev.headroom.service.catalog;

import java.util.List;

/**
 * A statement ready to be prepared: every parameter is a {@code ?}.
 *
 * @param code the text with spaces for its strings and quoted names, which may say anything
 * @param parameters the parameters' names in the order of the question marks
 * @param offsets where these are in the text
 * @param pieces where its text came from, in order
 */
public record SqlText(String sql, String code, List<String> parameters, List<Integer> offsets, List<Piece> pieces) {

    /** From {@code offset} on, the text comes from {@code place} and the lines after it. */
    public record Piece(int offset, Place place) {}

    /**
     * The text with null for each parameter, where a statement cannot have any.
     *
     * @param types of the parameters, as the driver names them
     */
    public String withNulls(List<String> types) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int i = 0; i < offsets.size(); i++) {
            text.append(sql, from, offsets.get(i)).append("null::").append(quoted(types.get(i)));
            from = offsets.get(i) + 1;
        }
        return text.append(sql, from, sql.length()).toString();
    }

    /** The driver quotes a type's name only together with its schema. */
    private static String quoted(String type) {
        return type.startsWith("\"") ? type : '"' + type.replace("\"", "\"\"") + '"';
    }

    /** The place of a character of the text, counted from 0. */
    public Place placeOf(int offset) {
        int index = Math.clamp(offset, 0, sql.length());
        Piece piece = pieces.getFirst();
        for (Piece each : pieces) {
            if (each.offset() <= index) {
                piece = each;
            }
        }
        long breaks = sql.substring(piece.offset(), index)
                .chars()
                .filter(c -> c == '\n')
                .count();
        return piece.place().atLine(piece.place().line() + (int) breaks);
    }
}
