package dev.headroom.testkit.tutorial;

import dev.headroom.testkit.process.Unchecked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a tutorial in Markdown.
 *
 * <p>A step is a block of {@code sh}. The blocks of {@code text} and {@code json} between it and the next one are what it prints, compared as
 * {@link ExpectedOutput} says. It ends with exit code 0, unless the prose between says another: "exit code 2", "exit code is 2".
 */
public record Tutorial(List<Step> steps) {

    private static final Pattern EXIT_CODE = Pattern.compile("exit code (?:is )?(\\d+)", Pattern.CASE_INSENSITIVE);

    /**
     * One block of commands.
     *
     * @param place file and line, for messages
     * @param output what it prints; null where the tutorial shows nothing
     */
    public record Step(
            String place,
            String commands,
            int exitCode,
            @Nullable String output) {

        /** Whether it changes nothing: all its commands are requests to read. */
        boolean onlyAsks() {
            return commands.lines().allMatch(line -> line.startsWith("curl -s"));
        }
    }

    public static Tutorial read(Path file) {
        return parse(file.getFileName().toString(), Unchecked.io(() -> Files.readString(file)));
    }

    static Tutorial parse(String name, String markdown) {
        List<Step> steps = new ArrayList<>();
        Draft draft = null;
        String language = null;
        StringBuilder block = new StringBuilder();
        int number = 0;
        for (String line : markdown.lines().toList()) {
            number++;
            if (line.startsWith("```") && language == null) {
                language = line.substring(3).strip();
                block.setLength(0);
                if (language.equals("sh")) {
                    if (draft != null) {
                        steps.add(draft.step());
                    }
                    draft = new Draft(name + ":" + (number + 1));
                }
            } else if (line.startsWith("```")) {
                if (draft != null) {
                    draft.add(String.valueOf(language), block.toString());
                }
                language = null;
            } else if (language != null) {
                block.append(line).append('\n');
            } else if (draft != null) {
                draft.prose.append(line).append('\n');
            }
        }
        if (draft != null) {
            steps.add(draft.step());
        }
        return new Tutorial(List.copyOf(steps));
    }

    /** A step until the next one begins. */
    private static final class Draft {
        private final String place;
        private final StringBuilder prose = new StringBuilder();
        private String commands = "";
        private @Nullable String output;

        Draft(String place) {
            this.place = place;
        }

        void add(String language, String block) {
            switch (language) {
                case "sh" -> commands = block;
                case "text", "json" -> output = output == null ? block : output + block;
                default -> {}
            }
        }

        Step step() {
            Matcher code = EXIT_CODE.matcher(prose.toString().replace('\n', ' '));
            return new Step(place, commands, code.find() ? Integer.parseInt(code.group(1)) : 0, output);
        }
    }
}
