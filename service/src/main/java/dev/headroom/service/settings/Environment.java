package dev.headroom.service.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Settings from the environment: {@code HEADROOM_} and the key in capitals, with underscores for dots and dashes.
 *
 * @param settings by key
 * @param unknown variables that name no setting
 */
public record Environment(Map<String, String> settings, List<String> unknown) {
    private static final String PREFIX = "HEADROOM_";

    /** Kubernetes describes each Service of the namespace in variables, ours too when its name begins with headroom. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_[A-Z]+)?)?)");

    private static final Pattern LINK_VALUE = Pattern.compile("(tcp|udp|sctp)://.*");

    /** Sorts the variables that begin with HEADROOM_ into settings and unknown ones; {@code keys} are all that exist. */
    public static Environment read(Map<String, String> variables, Collection<String> keys) {
        Map<String, String> byVariable = new LinkedHashMap<>();
        keys.forEach(key -> byVariable.put(variable(key), key));
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        variables.forEach((name, value) -> {
            if (!name.startsWith(PREFIX)
                    || name.equals(PREFIX + "CONFIG")
                    || LINK_VALUE.matcher(value).matches()) {
                return;
            }
            String key = byVariable.get(name);
            if (key != null) {
                settings.put(key, value);
            } else if (!SERVICE_LINK.matcher(name).matches()) {
                unknown.add(name);
            }
        });
        return new Environment(settings, unknown);
    }

    public static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
