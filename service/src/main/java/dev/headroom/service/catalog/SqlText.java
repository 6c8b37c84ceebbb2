package dev.headroom.service.catalog;

import java.util.List;

/**
 * A statement ready to be prepared: every parameter is a {@code ?}.
 *
 * @param parameters the parameters' names in the order of the question marks
 * @param pieces where its text came from, in order
 */
public record SqlText(String sql, List<String> parameters, List<Piece> pieces) {

    /** From {@code offset} on, the text comes from {@code place} and the lines after it. */
    public record Piece(int offset, Place place) {}

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
