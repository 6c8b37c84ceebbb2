package dev.headroom.operator.reconcile;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Hosts to which a password may be sent: each by its name, {@code *.suffix} for all names that end so, {@code *} for all
 * (decision 0130).
 */
public record AllowedHosts(List<String> patterns) {

    public static final AllowedHosts NONE = new AllowedHosts(List.of());

    public AllowedHosts {
        patterns = patterns.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
    }

    public static AllowedHosts of(Collection<String> patterns) {
        return new AllowedHosts(List.copyOf(patterns));
    }

    /** Of an annotation: separated by commas or blanks. */
    static AllowedHosts parse(@Nullable String annotation) {
        return annotation == null
                ? NONE
                : of(Arrays.stream(annotation.split("[,\\s]+"))
                        .filter(each -> !each.isEmpty())
                        .toList());
    }

    boolean allow(String host) {
        String asked = host.toLowerCase(Locale.ROOT);
        return patterns.stream().anyMatch(pattern -> matches(pattern, asked));
    }

    private static boolean matches(String pattern, String host) {
        return pattern.equals("*")
                || pattern.equals(host)
                || (pattern.startsWith("*.")
                        && host.endsWith(pattern.substring(1))
                        && host.length() > pattern.length() - 1);
    }
}
