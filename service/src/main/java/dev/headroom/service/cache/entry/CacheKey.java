package dev.headroom.service.cache.entry;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;

/**
 * Names one answer. Equal requests have equal keys whatever their spelling; another catalog version has other keys.
 *
 * @param tables what the statement reads, sorted: {@code schema.table}
 * @param isVariant whether it is one of many answers of its endpoint, to these arguments
 */
public record CacheKey(String text, List<String> tables, boolean isVariant) {
    /** Stands for every table, where it cannot be known which ones a statement reads. */
    public static final String ANY_TABLE = "*";

    private static final int LONGEST_PLAIN = 160;

    /**
     * Names the answer of an endpoint to these arguments.
     *
     * @param scope whose answer it is where answers differ by caller; empty where they do not
     * @param tables sorted, each once: taken as it is, because this is asked for with every request
     */
    public static CacheKey of(
            String catalogDigest,
            String endpoint,
            SortedMap<String, Object> arguments,
            String scope,
            List<String> tables) {
        var plain =
                new StringBuilder(catalogDigest).append('|').append(endpoint).append('|');
        arguments.forEach((name, value) -> {
            append(plain, name);
            append(plain, value);
        });
        append(plain, scope);
        // Lengths go before values, so no value can pose as another's; long ones are named by their digest.
        String text = plain.length() <= LONGEST_PLAIN
                ? plain.toString()
                : catalogDigest + '|' + endpoint + "|#" + digest(plain.toString());
        return new CacheKey(text, tables, !arguments.isEmpty());
    }

    /** What it has in common with the answers of the same endpoint to other arguments, however that is defined. */
    public String family() {
        return family(text);
    }

    /** The same of a key's text. */
    public static String family(String text) {
        int digest = text.indexOf('|');
        return text.substring(digest + 1, text.indexOf('|', digest + 1));
    }

    private static void append(StringBuilder text, Object value) {
        if (value instanceof List<?> several) {
            text.append(several.size()).append('*');
            several.forEach(each -> append(text, each));
        } else {
            String part = value.toString();
            text.append(part.length()).append(':').append(part);
        }
    }

    /** A short name for a long text, the same wherever it is made. */
    public static String digest(String text) {
        try {
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
