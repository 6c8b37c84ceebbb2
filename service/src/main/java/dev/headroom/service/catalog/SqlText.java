package dev.headroom.service.catalog;

import java.util.List;

/**
 * A statement ready to be prepared: every parameter is a {@code ?}.
 *
 * @param parameters the parameters' names in the order of the question marks
 * @param pieces where its text came from, in order
 */
record SqlText(String sql, List<String> parameters, List<Piece> pieces) {

    /** From {@code offset} on, the text comes from {@code place} and the lines after it. */
    record Piece(int offset, Place place) {}

    /** The place of a character, counted from 1 as the server counts. */
    Place placeOf(int position) {
        int index = Math.clamp(position - 1L, 0, sql.length());
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
