package dev.headroom.support;

import dev.headroom.support.SettingsSources.Given;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Settings by key, each read with its bounds, its standard value and what it is for.
 *
 * <p>A value that cannot be used becomes a problem and the standard is returned in its place, so that reading goes on and one
 * start reports every mistake. The keys that were read are the keys that exist: any other key that was given is a problem as
 * well, and the reference of the settings is written from {@link #known()}.
 */
public final class Settings {

    private static final Pattern LIST_ITEM = Pattern.compile("\\.\\d+$");

    private final Map<String, Given> given;
    private final String prefix;
    private final List<String> problems;
    private final Map<String, Known> known;

    private Settings(Map<String, Given> given, String prefix, List<String> problems, Map<String, Known> known) {
        this.given = given;
        this.prefix = prefix;
        this.problems = problems;
        this.known = known;
    }

    /** A key that the program reads. */
    public record Known(String key, String takes, String standard, String help) {
        public String argument() {
            return SettingsSources.argument(key);
        }

        public String variable() {
            return SettingsSources.variable(key);
        }
    }

    /**
     * What was read.
     *
     * @param unknownVariables variables of the environment that look like settings and are not
     */
    public record Loaded<T>(T settings, List<Known> known, List<String> unknownVariables) {}

    /**
     * Reads all settings.
     *
     * @param reader reads every key of the program; called several times, because a value may bring further keys
     * @throws InvalidSettings with every problem at once
     */
    public static <T> Loaded<T> load(SettingsSources sources, Function<Settings, T> reader) {
        Collection<String> keys = keys(sources.values(List.of()), reader);
        keys = keys(sources.values(keys), reader);
        List<String> problems = new ArrayList<>(sources.malformed());
        Settings settings = new Settings(sources.values(keys), "", problems, new LinkedHashMap<>());
        T read = reader.apply(settings);
        settings.refuseUnknown();
        if (!problems.isEmpty()) {
            throw new InvalidSettings(problems);
        }
        return new Loaded<>(read, settings.known(), sources.unknownVariables(keys));
    }

    private static Collection<String> keys(Map<String, Given> given, Function<Settings, ?> reader) {
        Settings dry = new Settings(given, "", new ArrayList<>(), new LinkedHashMap<>());
        var _ = reader.apply(dry);
        return List.copyOf(dry.known.keySet());
    }

    private void refuseUnknown() {
        given.forEach((key, value) -> {
            if (!known.containsKey(key) && !known.containsKey(listKey(key))) {
                problems.add(value.origin() + ": there is no such setting; " + Suggestion.hint(key, known.keySet()));
            }
        });
    }

    private static String listKey(String key) {
        return LIST_ITEM.matcher(key).replaceFirst("");
    }

    /** The settings below {@code name.}; they share the problems and the known keys. */
    public Settings section(String name) {
        return new Settings(given, prefix + name + ".", problems, known);
    }

    /** The names directly below this section that were given, for sections whose names the user chooses. */
    public List<String> names() {
        return given.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()).split("\\.", 2)[0])
                .distinct()
                .toList();
    }

    public String text(String name, String standard, String help) {
        return read(name, "text", standard, Function.identity(), help).orElse(standard);
    }

    public Optional<String> text(String name, String help) {
        return read(name, "text", "", Function.identity(), help);
    }

    public boolean flag(String name, boolean standard, String help) {
        return read(
                        name,
                        "true or false",
                        Boolean.toString(standard),
                        text -> switch (text.toLowerCase(Locale.ROOT)) {
                            case "true" -> Boolean.TRUE;
                            case "false" -> Boolean.FALSE;
                            default -> null;
                        },
                        help)
                .orElse(standard);
    }

    public int integer(String name, int standard, int least, int most, String help) {
        String takes = "a whole number from %d to %d".formatted(least, most);
        return read(
                        name,
                        takes,
                        Integer.toString(standard),
                        text -> {
                            int number = Integer.parseInt(text);
                            return number < least || number > most ? null : number;
                        },
                        help)
                .orElse(standard);
    }

    public double decimal(String name, double standard, double least, double most, String help) {
        String takes = "a number from %s to %s".formatted(plain(least), plain(most));
        return read(
                        name,
                        takes,
                        plain(standard),
                        text -> {
                            double number = Double.parseDouble(text);
                            return number >= least && number <= most ? number : null;
                        },
                        help)
                .orElse(standard);
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    public Duration duration(String name, Duration standard, Duration least, Duration most, String help) {
        String takes = "a duration from %s to %s".formatted(Durations.format(least), Durations.format(most));
        return read(
                        name,
                        takes,
                        Durations.format(standard),
                        text -> {
                            Duration duration = Durations.parse(text);
                            return duration.compareTo(least) < 0 || duration.compareTo(most) > 0 ? null : duration;
                        },
                        help)
                .orElse(standard);
    }

    public long bytes(String name, long standard, long least, long most, String help) {
        String takes = "a size from %s to %s".formatted(Sizes.format(least), Sizes.format(most));
        return read(
                        name,
                        takes,
                        Sizes.format(standard),
                        text -> {
                            long size = Sizes.parse(text);
                            return size < least || size > most ? null : size;
                        },
                        help)
                .orElse(standard);
    }

    /** One of the choices, in any case. */
    public String choice(String name, String standard, List<String> choices, String help) {
        return read(
                        name,
                        "one of " + String.join(", ", choices),
                        standard,
                        text -> choices.stream()
                                .filter(text::equalsIgnoreCase)
                                .findFirst()
                                .orElse(null),
                        help)
                .orElse(standard);
    }

    /** Items of a list in a file, or text with commas. Given and empty is the empty list. */
    public List<String> list(String name, List<String> standard, String help) {
        know(name, "a list, or text with commas", String.join(", ", standard), help);
        Given text = given.get(prefix + name);
        Stream<String> items;
        if (text != null) {
            items = Arrays.stream(text.text().split(",", -1));
        } else {
            String item = prefix + name + ".";
            List<String> given = this.given.entrySet().stream()
                    .filter(each -> each.getKey().startsWith(item)
                            && LIST_ITEM.matcher(each.getKey()).find())
                    .map(each -> each.getValue().text())
                    .toList();
            if (given.isEmpty()) {
                return standard;
            }
            items = given.stream();
        }
        return items.map(String::strip).filter(item -> !item.isEmpty()).toList();
    }

    /** Reports what is wrong with a key of this section. */
    public void problem(String name, String problem) {
        Given value = given.get(prefix + name);
        problems.add((value == null ? SettingsSources.argument(prefix + name) : value.origin()) + ": " + problem);
    }

    /** Every key that was read so far, in that order. */
    public List<Known> known() {
        return List.copyOf(known.values());
    }

    private <T> Optional<T> read(
            String name, String takes, String standard, Function<String, @Nullable T> parse, String help) {
        know(name, takes, standard, help);
        Given value = given.get(prefix + name);
        if (value == null || value.text().isBlank()) {
            return Optional.empty();
        }
        String text = value.text().strip();
        Optional<T> parsed = parsed(text, parse);
        if (parsed.isEmpty()) {
            problem(name, "expected %s, got \"%s\"".formatted(takes, text));
        }
        return parsed;
    }

    private static <T> Optional<T> parsed(String text, Function<String, @Nullable T> parse) {
        try {
            return Optional.ofNullable(parse.apply(text));
        } catch (IllegalArgumentException | ArithmeticException notOne) {
            return Optional.empty();
        }
    }

    private void know(String name, String takes, String standard, String help) {
        known.put(prefix + name, new Known(prefix + name, takes, standard, help));
    }
}
