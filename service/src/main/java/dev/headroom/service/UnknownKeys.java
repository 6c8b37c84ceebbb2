package dev.headroom.service;

import dev.headroom.service.catalog.load.Nearest;
import dev.headroom.service.settings.SettingsProblems;
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
        return Nearest.among(key, known)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("docs/settings.md lists all of them");
    }
}
