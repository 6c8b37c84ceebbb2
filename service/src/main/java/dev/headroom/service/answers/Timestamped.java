package dev.headroom.service.answers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Documents of which one member says when they were computed. Two that differ in nothing else are the same answer: who
 * polls for changes has none to fetch.
 */
final class Timestamped {
    private final byte[] member;

    Timestamped(String member) {
        this.member = ('"' + member + '"').getBytes(UTF_8);
    }

    boolean isSame(byte[] before, byte[] now) {
        Range one = find(before);
        Range other = find(now);
        if (one == null || other == null) {
            return Arrays.equals(before, now);
        }
        return Arrays.equals(before, 0, one.from(), now, 0, other.from())
                && Arrays.equals(before, one.to(), before.length, now, other.to(), now.length);
    }

    /** Where the member's value is. */
    private record Range(int from, int to) {}

    /** Of the outermost object only: within another one the same name may be anything. */
    private @Nullable Range find(byte[] json) {
        int depth = 0;
        int from = -1;
        for (int at = 0; at < json.length; at++) {
            switch (json[at]) {
                case '"' -> {
                    int end = endOfText(json, at);
                    if (depth == 1 && from < 0 && isMember(json, at, end)) {
                        from = end;
                    }
                    at = end - 1;
                }
                case '{', '[' -> depth++;
                case '}', ']', ',' -> {
                    if (from >= 0 && depth == 1) {
                        return new Range(from, at);
                    }
                    depth -= json[at] == ',' ? 0 : 1;
                }
                default -> {}
            }
        }
        return null;
    }

    private boolean isMember(byte[] json, int from, int to) {
        int next = to;
        while (next < json.length && json[next] <= ' ') {
            next++;
        }
        return next < json.length && json[next] == ':' && Arrays.equals(json, from, to, member, 0, member.length);
    }

    /** Behind the quote that closes the text that begins here. */
    private static int endOfText(byte[] json, int from) {
        int at = from + 1;
        while (at < json.length && json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return Math.min(at + 1, json.length);
    }
}
