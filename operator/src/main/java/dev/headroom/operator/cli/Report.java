package dev.headroom.operator.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.headroom.operator.concern.ConcernOutcome;
import dev.headroom.operator.concern.Verdict;
import dev.headroom.operator.crd.Condition.Truth;
import dev.headroom.operator.crd.DbPerformance;
import dev.headroom.operator.crd.DbPerformanceStatus;
import dev.headroom.operator.crd.DbPerformanceStatus.FindingStatus;
import dev.headroom.operator.crd.IndexStatus;
import dev.headroom.operator.crd.IndexStatus.State;
import java.io.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a look at the resources of a file found: the document of {@code --output json}, whose fields docs/command-line.md
 * promises, and what the text is made from.
 */
@JsonPropertyOrder({"summary", "resources"})
record Report(List<Resource> resources) {

    /** What neither waiting nor applying alone heals. */
    private static final Set<State> FAILED = Set.of(State.REFUSED, State.CONFLICT, State.FAILED);

    private static final Set<State> WAITING = Set.of(State.BLOCKED, State.TABLE_MISSING);

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            // Names in a database may hold what steers a terminal.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .addMixIn(IndexStatus.class, StepJson.class)
            .addMixIn(FindingStatus.class, FindingJson.class)
            .build();

    Report {
        resources = List.copyOf(resources);
    }

    /** One line about everything. */
    @JsonProperty("summary")
    Summary summary() {
        return Summary.of(
                resources.stream().flatMap(each -> each.steps().stream()).toList(),
                resources.stream().mapToInt(Resource::asDeclared).sum(),
                resources.stream().mapToInt(each -> each.findings().size()).sum(),
                resources.stream().filter(each -> !each.looked()).count());
    }

    String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** 1 when something is wrong, 2 when there is something to do, else 0. */
    int exitCode() {
        if (resources.stream().anyMatch(each -> !each.looked() || each.hasState(FAILED))) {
            return OperatorCommandLine.ERROR;
        }
        return resources.stream()
                        .allMatch(
                                each -> each.ready() == Truth.TRUE && each.sql().isEmpty())
                ? OperatorCommandLine.OK
                : OperatorCommandLine.SOMETHING_TO_DO;
    }

    /**
     * How much there is of what.
     *
     * @param text the same in words: "3 indexes to build, 1 finding"
     */
    record Summary(
            String text, int toBuild, int toDrop, int toChange, int blocked, int failed, int asDeclared, int findings) {

        static Summary of(List<IndexStatus> steps, int asDeclared, int findings, long unreachable) {
            int build = count(steps, step -> does(step, "CREATE "));
            int drop = count(steps, step -> !does(step, "CREATE ") && does(step, "DROP "));
            int planned = count(steps, step -> !step.sql().isEmpty());
            int blocked = count(steps, step -> step.sql().isEmpty() && WAITING.contains(step.state()));
            int failed = count(steps, step -> step.sql().isEmpty() && FAILED.contains(step.state()));
            List<String> parts = new ArrayList<>();
            add(parts, unreachable, "database", "databases", " not looked at");
            add(parts, build, "index", "indexes", " to build");
            add(parts, drop, "index", "indexes", " to drop");
            add(parts, planned - build - drop, "index", "indexes", " to change");
            add(parts, blocked, "index", "indexes", " blocked");
            add(parts, failed, "index", "indexes", " that cannot be built as declared");
            if (parts.isEmpty()) {
                parts.add("nothing to do");
            }
            add(parts, findings, "finding", "findings", "");
            return new Summary(
                    String.join(", ", parts),
                    build,
                    drop,
                    planned - build - drop,
                    blocked,
                    failed,
                    asDeclared,
                    findings);
        }

        private static int count(List<IndexStatus> steps, Predicate<IndexStatus> such) {
            return (int) steps.stream().filter(such).count();
        }

        private static boolean does(IndexStatus step, String verb) {
            return step.sql().stream().anyMatch(statement -> statement.startsWith(verb));
        }

        private static void add(List<String> parts, long count, String one, String many, String what) {
            if (count > 0) {
                parts.add(count + " " + (count == 1 ? one : many) + what);
            }
        }
    }

    /**
     * One resource of the file.
     *
     * @param database where it was looked for, host:port/name
     * @param reason one word, with a page in docs/runbooks
     * @param asDeclared how many indexes are as declared
     * @param steps the indexes that are not, with the SQL that makes them so
     */
    record Resource(
            String namespace,
            String name,
            String database,
            Truth ready,
            String reason,
            String message,
            int asDeclared,
            List<IndexStatus> steps,
            List<FindingStatus> findings,
            @JsonIgnore boolean looked,
            @JsonIgnore boolean settled) {

        static Resource of(DbPerformance resource, String database, List<ConcernOutcome> outcomes) {
            // The first condition that is not as declared speaks for the resource.
            List<Verdict> verdicts = outcomes.stream()
                    .flatMap(outcome -> outcome.verdicts().values().stream())
                    .toList();
            Verdict first = verdicts.stream()
                    .filter(verdict -> verdict.truth() != Truth.TRUE)
                    .findFirst()
                    .orElse(verdicts.getFirst());
            DbPerformanceStatus status = DbPerformanceStatus.EMPTY;
            for (ConcernOutcome outcome : outcomes) {
                if (outcome.report() != null) {
                    status = outcome.report().section().apply(status);
                }
            }
            List<IndexStatus> indexes = status.indexes();
            return new Resource(
                    resource.getMetadata().getNamespace(),
                    resource.getMetadata().getName(),
                    database,
                    first.truth(),
                    first.reason().toString(),
                    first.message(),
                    (int) indexes.stream().filter(Resource::isAsDeclared).count(),
                    indexes.stream().filter(index -> !isAsDeclared(index)).toList(),
                    status.findings(),
                    outcomes.stream().allMatch(ConcernOutcome::looked),
                    outcomes.stream()
                            .allMatch(outcome ->
                                    outcome.report() != null && outcome.report().settled()));
        }

        private static boolean isAsDeclared(IndexStatus index) {
            return index.state() == State.VALID && index.sql().isEmpty();
        }

        List<String> sql() {
            return steps.stream().flatMap(step -> step.sql().stream()).toList();
        }

        boolean hasState(Set<State> states) {
            return steps.stream().anyMatch(step -> states.contains(step.state()));
        }

        Summary summary() {
            return Summary.of(steps, asDeclared, findings.size(), looked ? 0 : 1);
        }
    }

    static String line(IndexStatus index) {
        return index.name() + "  "
                + Stream.of(
                                index.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                                index.progress(),
                                index.blockedBy() == null ? null : "waits for " + index.blockedBy(),
                                index.size(),
                                index.message())
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining("  "));
    }

    static Style style(State state) {
        return switch (state) {
            case VALID, RETAINED -> Style.GOOD;
            case BLOCKED, TABLE_MISSING -> Style.WARNING;
            case REFUSED, FAILED, CONFLICT -> Style.BAD;
            case PENDING, BUILDING, DROPPING -> Style.PLAIN;
        };
    }

    static Style style(FindingStatus found) {
        return switch (found.severity()) {
            case "Critical" -> Style.BAD;
            case "Warning" -> Style.WARNING;
            default -> Style.PLAIN;
        };
    }

    /** An index that is not as declared, or not declared any more. */
    @JsonIgnoreProperties({"size", "scans"})
    private interface StepJson {
        @JsonProperty("index")
        String name();
    }

    @JsonPropertyOrder({"severity", "kind", "object"})
    private interface FindingJson {}

    /** Colours of a terminal, for terminals alone. */
    enum Style {
        PLAIN(""),
        BOLD("1"),
        FAINT("2"),
        GOOD("32"),
        WARNING("33"),
        BAD("31");

        private final String code;

        Style(String code) {
            this.code = code;
        }

        String paint(String text, boolean colours) {
            return colours && this != PLAIN ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
        }

        /** Whether standard output is a terminal, and nobody asked for no colours (no-color.org). */
        @SuppressWarnings("SystemConsoleNull") // With the default provider of Java 25 it is null without a terminal.
        static boolean areWanted() {
            String refused = System.getenv("NO_COLOR");
            Console console = System.console();
            return (refused == null || refused.isEmpty())
                    && !"dumb".equals(System.getenv("TERM"))
                    && console != null
                    && console.isTerminal();
        }
    }
}
