package dev.headroom.service.catalog.load;

import dev.headroom.service.catalog.Place;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/**
 * Whether a catalog.yaml is small enough to be read: what builds the tree of it recurses into every level, and a reader of
 * the tree meets what an alias names once more at each alias. The parser's events have neither trouble.
 */
final class YamlLimits {
    static final int MOST_CHARACTERS = 1_000_000;
    static final int DEEPEST = 50;
    static final int MOST_VALUES = 100_000;

    private final Place start;
    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<Anchor, Integer> sizes = new HashMap<>();
    private int values;

    /** A collection that was begun. */
    private record Open(@Nullable Anchor anchor, int valuesBefore) {}

    /** What is wrong, where it is, and what to do. */
    record Excess(Place place, String message, String hint) {}

    private YamlLimits(Place start) {
        this.start = start;
    }

    /** The first bound that the text goes beyond; nothing when it is to be read. YAML that is broken throws as ever. */
    static Optional<Excess> exceeded(String text, Place start, LoadSettings settings) {
        if (text.length() > MOST_CHARACTERS) {
            return Optional.of(new Excess(
                    start,
                    "this file has " + text.length() + " characters, and a catalog at most " + MOST_CHARACTERS,
                    "put statements into files of their own, or make two catalogs of it"));
        }
        YamlLimits bounds = new YamlLimits(start);
        for (Event event : new Parse(settings).parseString(text)) {
            Optional<Excess> excess = bounds.take(event);
            if (excess.isPresent()) {
                return excess;
            }
        }
        return Optional.empty();
    }

    private Optional<Excess> take(Event event) {
        return switch (event) {
            case CollectionStartEvent begun -> begin(begun);
            case AliasEvent alias -> repeat(alias);
            case ScalarEvent scalar -> {
                scalar.getAnchor().ifPresent(anchor -> sizes.put(anchor, 1));
                values++;
                yield tooMany(scalar);
            }
            case CollectionEndEvent ignored -> {
                end();
                yield Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    private Optional<Excess> begin(CollectionStartEvent event) {
        open.push(new Open(event.getAnchor().orElse(null), values));
        values++;
        return open.size() > DEEPEST
                ? Optional.of(excess(
                        event, "nested deeper than " + DEEPEST + " levels", "no key of a catalog is deeper than six"))
                : tooMany(event);
    }

    private void end() {
        Open ended = open.pop();
        if (ended.anchor() != null) {
            sizes.put(ended.anchor(), values - ended.valuesBefore());
        }
    }

    /** What it names is not ended yet where it stands in it, and then it has no size. */
    private Optional<Excess> repeat(AliasEvent alias) {
        Integer size = sizes.get(alias.getAlias());
        if (size == null) {
            return Optional.of(excess(
                    alias,
                    "'*" + alias.getAlias().getValue() + "' names nothing that ends before it",
                    "write &" + alias.getAlias().getValue() + " before the value that is meant"));
        }
        values = (int) Math.min(Integer.MAX_VALUE, (long) values + size);
        return tooMany(alias);
    }

    private Optional<Excess> tooMany(NodeEvent event) {
        return values <= MOST_VALUES
                ? Optional.empty()
                : Optional.of(excess(
                        event,
                        "more than " + MOST_VALUES + " keys and values, those that aliases repeat among them",
                        "make several catalogs of it, or repeat less with '*'"));
    }

    private Excess excess(Event event, String message, String hint) {
        int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(start.line());
        return new Excess(start.atLine(line), message, hint);
    }
}
