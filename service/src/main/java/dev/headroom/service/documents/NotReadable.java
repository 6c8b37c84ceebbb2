package dev.headroom.service.documents;

/** Why a file, or a part of it, is no document; the message is for the errors of the answer. */
final class NotReadable extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 300;

    NotReadable(String message) {
        super(message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message, null, false, false);
    }

    NotReadable(int line, String message) {
        this("line " + line + ": " + message);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
