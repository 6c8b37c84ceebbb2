package dev.headroom.support;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where settings come from: arguments win over the environment, the environment over a file.
 *
 * <p>A variable is {@code HEADROOM_} and the key in capitals, with underscores for dots and dashes. That cannot be turned back
 * into a key, so only variables of keys that exist are settings.
 *
 * @param arguments as the program was given them: {@code --key=value}
 * @param file by key, flattened: {@code server.port}, and {@code catalogs.folders.0} for an item of a list
 * @param fileName for messages
 */
public record SettingsSources(
        List<String> arguments, Map<String, String> environment, Map<String, String> file, String fileName) {

    private static final String PREFIX = "HEADROOM_";

    /** Kubernetes describes each Service of the namespace in variables, ours as well when its name begins with headroom. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_[A-Z]+)?)?)");

    private static final Pattern SERVICE_LINK_VALUE = Pattern.compile("(tcp|udp|sctp)://.*");

    public SettingsSources(List<String> arguments, Map<String, String> environment) {
        this(arguments, environment, Map.of(), "");
    }

    public SettingsSources {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        file = Collections.unmodifiableMap(new LinkedHashMap<>(file)); // in its order, which that of list items is
    }

    /** A value as it was given, and the place that a message about it names. */
    record Given(String text, String origin) {}

    static String argument(String key) {
        return "--" + key;
    }

    static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** All values by key; of the environment only those of the keys. */
    Map<String, Given> values(Collection<String> keys) {
        Map<String, Given> values = new LinkedHashMap<>();
        file.forEach((key, text) -> values.put(key, new Given(text, key + " in " + fileName)));
        for (String key : keys) {
            String text = environment.get(variable(key));
            if (text != null && !SERVICE_LINK_VALUE.matcher(text).matches()) {
                remove(values, key);
                values.put(key, new Given(text, variable(key)));
            }
        }
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (argument.startsWith("--") && equals > 0) {
                String key = argument.substring(2, equals);
                remove(values, key);
                values.put(key, new Given(argument.substring(equals + 1), argument(key)));
            }
        }
        return values;
    }

    /** A value replaces the list that a lower source gave under the same key. */
    private static void remove(Map<String, Given> values, String key) {
        values.keySet().removeIf(each -> each.equals(key) || each.matches(Pattern.quote(key) + "\\.\\d+"));
    }

    /** Arguments that are not of the form {@code --key=value}. */
    List<String> malformed() {
        return arguments.stream()
                .filter(argument -> !argument.startsWith("--") || argument.indexOf('=') < 0)
                .map(argument -> argument.startsWith("--")
                        ? argument + ": needs a value: " + argument + "=…"
                        : argument + ": expected a setting, such as --key=value")
                .toList();
    }

    /** Variables that look like settings and are of no key; a warning, because Kubernetes sets some of its own. */
    List<String> unknownVariables(Collection<String> keys) {
        List<String> names =
                new ArrayList<>(keys.stream().map(SettingsSources::variable).toList());
        names.add(PREFIX + "CONFIG");
        return environment.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(PREFIX))
                .filter(variable -> !names.contains(variable.getKey()))
                .filter(variable -> !SERVICE_LINK.matcher(variable.getKey()).matches()
                        && !SERVICE_LINK_VALUE.matcher(variable.getValue()).matches())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
