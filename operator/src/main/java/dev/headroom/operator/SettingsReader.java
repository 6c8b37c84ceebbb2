package dev.headroom.operator;

import dev.headroom.operator.crd.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Arguments before environment before defaults; all problems at once. */
final class SettingsReader {

    private final Map<Setting, String> given = new EnumMap<>(Setting.class);
    private final List<String> problems = new ArrayList<>();

    private SettingsReader() {}

    static OperatorSettings read(List<String> arguments, Map<String, String> environment) {
        SettingsReader reader = new SettingsReader();
        reader.collect(arguments, environment);
        OperatorSettings settings = reader.settings();
        if (!reader.problems.isEmpty()) {
            throw new InvalidSettings(reader.problems);
        }
        return settings;
    }

    private void collect(List<String> arguments, Map<String, String> environment) {
        for (Setting setting : Setting.values()) {
            given.put(setting, environment.getOrDefault(setting.variable(), setting.otherwise));
        }
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            Setting setting = List.of(Setting.values()).stream()
                    .filter(one -> one.argument().equals(name))
                    .findFirst()
                    .orElse(null);
            if (setting == null) {
                problems.add(name + " is no setting; there are " + names());
            } else if (equals < 0) {
                problems.add(name + " needs a value: " + name + "=…");
            } else {
                given.put(setting, argument.substring(equals + 1));
            }
        }
    }

    private OperatorSettings settings() {
        return new OperatorSettings(
                namespaces(),
                flag(Setting.LEADER_ELECTION),
                text(Setting.LEASE_NAMESPACE),
                text(Setting.ADMIN_HOST),
                number(Setting.ADMIN_PORT, 0, 65535),
                duration(Setting.LONGEST_INTERVAL, Duration.ofSeconds(10), Duration.ofHours(1)),
                duration(Setting.RELEASE_PATIENCE, Duration.ZERO, Duration.ofDays(1)),
                number(Setting.CONCURRENCY, 1, 100),
                logLevel());
    }

    private Set<String> namespaces() {
        Set<String> names = new LinkedHashSet<>();
        for (String name : text(Setting.WATCH_NAMESPACES).split(",", -1)) {
            String trimmed = name.strip();
            if (trimmed.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
                names.add(trimmed);
            } else if (!trimmed.equals("*")) {
                refuse(Setting.WATCH_NAMESPACES, "\"" + trimmed + "\" is no name of a namespace");
            }
        }
        if (text(Setting.WATCH_NAMESPACES).contains("*") && !names.isEmpty()) {
            refuse(Setting.WATCH_NAMESPACES, "either * or names");
        }
        return names;
    }

    private String logLevel() {
        String level = text(Setting.LOG_LEVEL).toUpperCase(Locale.ROOT);
        if (!List.of("ERROR", "WARNING", "INFO", "DEBUG").contains(level)) {
            refuse(Setting.LOG_LEVEL, "\"" + level + "\" is none of ERROR, WARNING, INFO, DEBUG");
        }
        return level;
    }

    private boolean flag(Setting setting) {
        String text = text(setting);
        if (!text.equals("true") && !text.equals("false")) {
            refuse(setting, "\"" + text + "\" is neither true nor false");
        }
        return text.equals("true");
    }

    private int number(Setting setting, int least, int most) {
        try {
            int number = Integer.parseInt(text(setting));
            if (number < least || number > most) {
                refuse(setting, number + " is not from " + least + " to " + most);
            }
            return number;
        } catch (NumberFormatException e) {
            refuse(setting, "\"" + text(setting) + "\" is no number");
            return least;
        }
    }

    private Duration duration(Setting setting, Duration least, Duration most) {
        try {
            Duration duration = Durations.parse(text(setting));
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                refuse(setting, text(setting) + " is out of range: " + setting.help);
            }
            return duration;
        } catch (IllegalArgumentException e) {
            refuse(setting, String.valueOf(e.getMessage()));
            return least;
        }
    }

    private String text(Setting setting) {
        return given.getOrDefault(setting, setting.otherwise).strip();
    }

    private void refuse(Setting setting, String problem) {
        problems.add(setting.argument() + " (" + setting.variable() + "): " + problem);
    }

    private static String names() {
        return String.join(
                ", ", List.of(Setting.values()).stream().map(Setting::argument).toList());
    }
}
