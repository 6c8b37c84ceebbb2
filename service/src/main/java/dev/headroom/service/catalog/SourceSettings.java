package dev.headroom.service.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mapping in catalog.yaml as a {@link SourceType} reads it. Each method tells a mistake with its line when the value
 * is not what was asked for, and then answers the fallback; keys that nobody asked for are told as unknown at the end.
 */
public interface SourceSettings {

    /** A text; missing is a mistake, and then the answer is empty text. */
    String text(String key);

    String text(String key, String fallback);

    /** A list of texts; a single text is a list of one. */
    List<String> texts(String key, List<String> fallback);

    long number(String key, long fallback, long minimum, long maximum);

    Duration duration(String key, Duration fallback);

    /** A mapping below this one, empty where there is none. */
    Optional<SourceSettings> section(String key);

    /** All keys below this mapping, for those whose names the catalog chooses; asking makes them known. */
    List<String> keys();

    /** The statement in the file named at this key, its tables resolved; missing is a mistake. */
    SqlTemplate statement(String key);

    /** Tells a mistake at the line of a key. */
    void mistake(String key, String message, @Nullable String hint);
}
