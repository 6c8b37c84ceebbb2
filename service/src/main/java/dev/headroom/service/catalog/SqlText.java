package dev.headroom.service.catalog;

import java.util.List;
import java.util.function.IntFunction;

/**
 * A statement ready to be prepared: every parameter is a {@code ?}.
 *
 * @param parameters the parameters' names in the order of the question marks
 * @param offsets where these are in the text
 * @param pieces where its text came from, in order
 */
public record SqlText(String sql, List<String> parameters, List<Integer> offsets, List<Piece> pieces) {

    /** From {@code offset} on, the text comes from {@code place} and the lines after it. */
    public record Piece(int offset, Place place) {}

    /** The text with each parameter written out, by its index, where a statement cannot have any. */
    public String with(IntFunction<String> value) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int i = 0; i < offsets.size(); i++) {
            text.append(sql, from, offsets.get(i)).append(value.apply(i));
            from = offsets.get(i) + 1;
        }
        return text.append(sql, from, sql.length()).toString();
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
