package dev.headroom.service;

import dev.headroom.service.settings.Environment;
import dev.headroom.service.settings.SettingsProblems;
import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.ConfigSources;
import io.helidon.config.spi.ConfigSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Puts the settings together: arguments over environment over file. */
final class SettingsLoader {
    private static final System.Logger LOG = System.getLogger(SettingsLoader.class.getName());

    private static final Pattern PLACE_IN_YAML = Pattern.compile("line \\d+, column \\d+");

    private SettingsLoader() {}

    /** The settings and what is wrong with them; with a problem they are not to be used. */
    record Loaded(Optional<ServiceSettings> settings, List<String> problems) {}

    static Loaded load(CommandLine command, Map<String, String> variables) {
        Optional<Path> file = command.file().map(Path::of);
        if (file.isPresent() && !Files.isReadable(file.get())) {
            return failed("--config: cannot read the file " + file.get());
        }
        try {
            Environment environment = environment(command, file, variables);
            Config config = config(command, environment.settings(), file);
            SettingsProblems problems = new SettingsProblems();
            ServiceSettings settings = ServiceSettings.from(config, problems);
            new UnknownKeys(problems).find(config);
            environment
                    .unknown()
                    .forEach(name -> LOG.log(
                            System.Logger.Level.WARNING,
                            "the environment variable {0} names no setting, see docs/settings.md",
                            name));
            return new Loaded(Optional.of(settings), problems.all());
        } catch (ConfigException unreadable) {
            return failed("--config: %s: %s".formatted(file.map(Path::toString).orElse(""), reason(unreadable)));
        }
    }

    /**
     * Which variables are settings depends on the keys that exist, and some exist only once another is given: a second
     * look knows those that the first one brought.
     */
    private static Environment environment(CommandLine command, Optional<Path> file, Map<String, String> variables) {
        Environment first = environment(command, file, variables, Map.of());
        return environment(command, file, variables, first.settings());
    }

    private static Environment environment(
            CommandLine command, Optional<Path> file, Map<String, String> variables, Map<String, String> given) {
        SettingsProblems asked = new SettingsProblems();
        ServiceSettings.from(config(command, given, file), asked);
        List<String> keys =
                asked.known().stream().map(SettingsProblems.Known::key).toList();
        return Environment.read(variables, keys);
    }

    private static Config config(CommandLine command, Map<String, String> environment, Optional<Path> file) {
        List<Supplier<? extends ConfigSource>> sources = new ArrayList<>();
        sources.add(ConfigSources.create(command.settings(), "arguments"));
        sources.add(ConfigSources.create(environment, "environment"));
        file.ifPresent(path -> sources.add(ConfigSources.create(SettingsFile.read(path))));
        return Config.builder()
                .sources(sources)
                // What the environment may set is decided by Environment; a password may hold ${...}.
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .disableValueResolving()
                .disableKeyResolving()
                .build();
    }

    private static Loaded failed(String problem) {
        return new Loaded(Optional.empty(), List.of(problem));
    }

    /** Names the place that is no YAML, but not its text, as the parser does: that may be half of a password. */
    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        return PLACE_IN_YAML
                .matcher(message)
                .results()
                .reduce((context, problem) -> problem)
                .map(place -> "this is no YAML at " + place.group()
                        + ", or in the line above: is a bracket or quote missing, or are the quotes around a text that"
                        + " holds one of : # @ * & ! %?")
                .orElse(message);
    }
}
