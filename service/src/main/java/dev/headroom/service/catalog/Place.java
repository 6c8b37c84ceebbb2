package dev.headroom.service.catalog;

/** A line that a person can open in an editor: every mistake names one. A setting has no line, and then it is 0. */
public record Place(String file, int line) {

    public static Place setting(String key) {
        return new Place(key, 0);
    }

    public Place atLine(int other) {
        return new Place(file, other);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line;
    }
}
