package dev.headroom.service.catalog;

/** A line that a person can open in an editor: every mistake names one. */
public record Place(String file, int line) {

    public Place atLine(int other) {
        return new Place(file, other);
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
