package dev.headroom.service.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Everything that is wrong with the settings, and every key that somebody asked for.
 *
 * <p>The keys asked for are the keys that exist: what a file or the environment gives beyond them is unknown, and
 * docs/settings.md lists exactly them.
 */
public final class SettingsProblems {
    /** A key that the program reads: what it takes, and what holds when it is not given. */
    public record Known(String key, String takes, String standard) {}

    private final List<String> problems = new ArrayList<>();
    private final TreeMap<String, Known> known = new TreeMap<>();

    /** Says what is wrong at a key, in words that tell how to set it right. */
    public void add(String key, String problem) {
        problems.add(key + ": " + problem);
    }

    void know(Known setting) {
        known.put(setting.key(), setting);
    }

    public boolean isEmpty() {
        return problems.isEmpty();
    }

    public List<String> all() {
        return List.copyOf(problems);
    }

    public List<Known> known() {
        return List.copyOf(known.values());
    }
}
