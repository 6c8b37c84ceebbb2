package dev.headroom.service.settings;

import io.helidon.config.Config;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One node of the settings tree, read key by key.
 *
 * <p>A value that cannot be used is reported and the standard returned in its place, so that reading goes on and finds
 * the next mistake; nothing starts with settings that had problems.
 */
public final class SettingsSection {
    private final Config config;
    private final SettingsProblems problems;

    public SettingsSection(Config config, SettingsProblems problems) {
        this.config = config;
        this.problems = problems;
    }

    public SettingsSection section(String name) {
        return new SettingsSection(config.get(name), problems);
    }

    /** The names directly below this node that were given, for sections whose names the user chooses. */
    public List<String> names() {
        return config.asNodeList().orElse(List.of()).stream().map(Config::name).toList();
    }

    public int integer(String name, int standard, int min, int max) {
        return (int) number(name, standard, min, max);
    }

    public long number(String name, long standard, long min, long max) {
        String takes = "a whole number from %d to %d".formatted(min, max);
        return read(name, takes, Long.toString(standard), text -> {
                    long value = Long.parseLong(text);
                    return value < min || value > max ? null : value;
                })
                .orElse(standard);
    }

    public double decimal(String name, double standard, double min, double max) {
        String takes = "a number from %s to %s".formatted(plain(min), plain(max));
        return read(name, takes, plain(standard), text -> {
                    double value = Double.parseDouble(text);
                    return value >= min && value <= max ? value : null;
                })
                .orElse(standard);
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    public boolean flag(String name, boolean standard) {
        return read(name, "true or false", Boolean.toString(standard), text -> switch (text.toLowerCase(Locale.ROOT)) {
                    case "true" -> Boolean.TRUE;
                    case "false" -> Boolean.FALSE;
                    default -> null;
                })
                .orElse(standard);
    }

    /** A duration as people write it ({@code 250ms}, {@code 5s}, {@code 10m}, {@code 24h}) or in ISO 8601. */
    public Duration duration(String name, Duration standard, Duration min, Duration max) {
        String takes = "a duration from %s to %s".formatted(Durations.format(min), Durations.format(max));
        return read(name, takes, Durations.format(standard), text -> {
                    Duration value = Durations.parse(text);
                    return value.compareTo(min) < 0 || value.compareTo(max) > 0 ? null : value;
                })
                .orElse(standard);
    }

    /** A number of bytes: {@code 8192}, {@code 16KB}, {@code 1MB}; powers of 1024. */
    public int bytes(String name, int standard, int min, int max) {
        String takes = "a size from %s to %s".formatted(Sizes.format(min), Sizes.format(max));
        return read(name, takes, Sizes.format(standard), text -> {
                    long value = Sizes.parse(text);
                    return value < min || value > max ? null : (int) value;
                })
                .orElse(standard);
    }

    public String text(String name, String standard) {
        return read(name, "text", standard, Function.identity()).orElse(standard);
    }

    public Optional<String> text(String name) {
        return read(name, "text", "", Function.identity());
    }

    /** A list, as YAML writes one or as text with commas. */
    public List<String> list(String name, List<String> standard) {
        know(name, "a list, or text with commas", String.join(", ", standard));
        Config node = config.get(name);
        if (!node.exists()) {
            return standard;
        }
        Stream<String> parts = node.isLeaf()
                ? node.asString().stream().flatMap(text -> Arrays.stream(text.split(",", -1)))
                : node.asNodeList().orElse(List.of()).stream().flatMap(item -> item.asString().stream());
        return parts.map(String::strip).filter(part -> !part.isEmpty()).toList();
    }

    /** A secret: given as {@code name}, or as the path of a file that holds it, {@code name-file}. Never both. */
    public Optional<Secret> secret(String name) {
        know(name, "a secret", "");
        Optional<String> given = config.get(name).asString().asOptional().filter(text -> !text.isEmpty());
        Optional<String> file = read(name + "-file", "the path of a file", "", Function.identity());
        if (given.isPresent() && file.isPresent()) {
            problem(name + "-file", "give this or " + key(name) + ", not both");
        }
        return given.map(Secret::new)
                .or(() -> file.flatMap(
                        path -> Secret.read(key(name + "-file"), path, why -> problem(name + "-file", why))));
    }

    /** Reports what is wrong with a key of this section. */
    public void problem(String name, String problem) {
        problems.add(key(name), problem);
    }

    private <T> Optional<T> read(String name, String takes, String standard, Function<String, T> parse) {
        know(name, takes, standard);
        Config node = config.get(name);
        if (node.exists() && !node.isLeaf()) {
            problem(name, "expected %s, got a %s".formatted(takes, node.isList() ? "list" : "section"));
            return Optional.empty();
        }
        return node.asString()
                .asOptional()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .flatMap(text -> {
                    Optional<T> value = parsed(text, parse);
                    if (value.isEmpty()) {
                        problem(name, "expected %s, got \"%s\"".formatted(takes, text));
                    }
                    return value;
                });
    }

    private static <T> Optional<T> parsed(String text, Function<String, T> parse) {
        try {
            return Optional.ofNullable(parse.apply(text));
        } catch (IllegalArgumentException | ArithmeticException notOne) {
            return Optional.empty();
        }
    }

    private void know(String name, String takes, String standard) {
        problems.know(new SettingsProblems.Known(key(name), takes, standard));
    }

    private String key(String name) {
        return config.get(name).key().toString();
    }
}
