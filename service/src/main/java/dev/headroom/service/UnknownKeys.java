package dev.headroom.service;

import dev.headroom.service.settings.SettingsProblems;
import dev.headroom.support.Suggestion;
import io.helidon.config.Config;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Keys that were given and that nobody reads: almost always a typing error, so they are problems. */
final class UnknownKeys {
    private final SettingsProblems problems;

    UnknownKeys(SettingsProblems problems) {
        this.problems = problems;
    }

    void find(Config config) {
        Set<String> known =
                problems.known().stream().map(SettingsProblems.Known::key).collect(Collectors.toSet());
        List<String> unknown = config.traverse()
                .filter(Config::isLeaf)
                .map(node -> node.key().toString().replaceFirst("\\.\\d+$", ""))
                .filter(key -> !known.contains(key))
                .distinct()
                .toList();
        unknown.forEach(key -> problems.add(key, "there is no such setting; " + hint(key, known)));
    }

    private static String hint(String key, Set<String> known) {
        return Suggestion.closest(key, known)
                .map(closest -> "did you mean " + closest + "?")
                .orElse("docs/settings.md lists all of them");
    }
}
