package dev.headroom.operator.index.plan;

import dev.headroom.insight.Index;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to be done next about one index. */
public sealed interface Decision {

    /** Nothing: it is there, valid and as declared. {@code note} says what is worth knowing about it. */
    record Satisfied(Index by, @Nullable String note) implements Decision {}

    /** This step, now, if nothing blocks it. */
    record Act(Step step) implements Decision {}

    /** Somebody is changing that index this very moment. */
    record Await(Index index, String what) implements Decision {}

    /** Nothing, until what stands in {@code on} has happened. */
    record Later(String on) implements Decision {}

    /** Nothing, until somebody has created its table. */
    record TableMissing(String table, List<String> schemas) implements Decision {}

    /** Nothing, until a person changes something. */
    record Refused(String why) implements Decision {}

    /** Nothing: it is another resource's. */
    record Conflict(String why) implements Decision {}

    /** Nothing: it is ours, it is no longer declared, and it is to stay. */
    record Retained(Index index) implements Decision {}
}
