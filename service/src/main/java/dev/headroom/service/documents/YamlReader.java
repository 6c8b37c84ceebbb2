package dev.headroom.service.documents;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;

/**
 * One mapping of YAML from a stranger, as maps, lists, text, numbers, flags and null. It is built from the parser's events,
 * so nothing is ever constructed from a tag, an alias cannot multiply what it names, and nesting has an end. What YAML 1.1
 * took for a date is text here, as written.
 */
final class YamlReader {
    private static final int DEEPEST = 20;
    private static final int LONGEST_NUMBER = 40;
    private static final CoreScalarResolver RESOLVER = new CoreScalarResolver(false);

    private final Iterator<Event> events;
    private final int firstLine;
    private final Map<Anchor, ScalarEvent> scalars = new HashMap<>();
    private int depth;

    /** How much text aliases may still stand for: together no more than the YAML has, so that it is doubled at most. */
    private int aliasesLeft;

    private YamlReader(String yaml, int firstLine) {
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(Math.max(1, yaml.length()))
                .build();
        this.events = new Parse(settings).parseString(yaml).iterator();
        this.firstLine = firstLine;
        this.aliasesLeft = yaml.length();
    }

    /** {@code firstLine} is the file's line at which the text begins, for the messages. */
    static Map<String, @Nullable Object> mapping(String yaml, int firstLine) throws NotReadable {
        YamlReader reader = new YamlReader(yaml, firstLine);
        try {
            return reader.document();
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(mark -> mark.getLine()).orElse(0);
            throw new NotReadable(firstLine + line, String.valueOf(broken.getProblem()));
        } catch (YamlEngineException broken) {
            throw new NotReadable(firstLine, String.valueOf(broken.getMessage()));
        } catch (IllegalArgumentException broken) {
            // The scanner's own number parsing fails where the end of the text cuts off the digits of an escape.
            throw new NotReadable(firstLine, "an escape in double quotes is not complete: " + broken.getMessage());
        }
    }

    private Map<String, @Nullable Object> document() throws NotReadable {
        Event event = events.next();
        while (event.getEventId() == Event.ID.StreamStart || event instanceof DocumentStartEvent) {
            event = events.next();
        }
        if (!(event instanceof MappingStartEvent start)) {
            throw refused(event, "expected a mapping of keys to values");
        }
        Map<String, @Nullable Object> mapping = mapping(start);
        while (events.hasNext()) {
            if (events.next() instanceof DocumentStartEvent second) {
                throw refused(second, "expected one document, there is a second");
            }
        }
        return mapping;
    }

    private Map<String, @Nullable Object> mapping(MappingStartEvent start) throws NotReadable {
        enter(start);
        Map<String, @Nullable Object> mapping = new LinkedHashMap<>();
        for (Event key = events.next(); key.getEventId() != Event.ID.MappingEnd; key = events.next()) {
            String name = key(key);
            if (mapping.containsKey(name)) {
                throw refused(key, "the key '" + name + "' stands twice");
            }
            mapping.put(name, value(events.next()));
        }
        depth--;
        return mapping;
    }

    private List<@Nullable Object> sequence(SequenceStartEvent start) throws NotReadable {
        enter(start);
        List<@Nullable Object> sequence = new ArrayList<>();
        for (Event item = events.next(); item.getEventId() != Event.ID.SequenceEnd; item = events.next()) {
            sequence.add(value(item));
        }
        depth--;
        return sequence;
    }

    private String key(Event event) throws NotReadable {
        if (event instanceof ScalarEvent scalar) {
            remember(scalar);
            return scalar.getValue();
        }
        throw refused(event, "a key must be text");
    }

    private @Nullable Object value(Event event) throws NotReadable {
        return switch (event) {
            case MappingStartEvent start -> mapping(start);
            case SequenceStartEvent start -> sequence(start);
            case ScalarEvent scalar -> {
                remember(scalar);
                yield scalar(scalar);
            }
            case AliasEvent alias -> {
                ScalarEvent named = scalars.get(alias.getAlias());
                if (named == null) {
                    throw refused(event, "an alias may only name a text or number that stands before it");
                }
                aliasesLeft -= named.getValue().length();
                if (aliasesLeft < 0) {
                    throw refused(event, "aliases repeat more text than there is");
                }
                yield scalar(named);
            }
            default -> throw refused(event, "this does not belong here");
        };
    }

    private @Nullable Object scalar(ScalarEvent scalar) throws NotReadable {
        String text = scalar.getValue();
        Tag tag = scalar.getTag()
                .map(Tag::new)
                .orElseGet(() -> RESOLVER.resolve(text, scalar.getImplicit().canOmitTagInPlainScalar()));
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL)) {
            return Boolean.valueOf(text);
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return number(text);
        }
        if (!tag.equals(Tag.STR)) {
            throw refused(scalar, "the tag " + tag.getValue() + " is not allowed");
        }
        return text;
    }

    /** Exact; and what is no number in JSON stays text. */
    private static Object number(String text) {
        try {
            return text.length() > LONGEST_NUMBER ? text : new BigDecimal(text);
        } catch (NumberFormatException notInJson) {
            return text;
        }
    }

    private void enter(NodeEvent start) throws NotReadable {
        if (++depth > DEEPEST) {
            throw refused(start, "nested deeper than " + DEEPEST + " levels");
        }
    }

    private void remember(ScalarEvent scalar) {
        scalar.getAnchor().ifPresent(anchor -> scalars.put(anchor, scalar));
    }

    private NotReadable refused(Event event, String why) {
        return new NotReadable(
                firstLine + event.getStartMark().map(mark -> mark.getLine()).orElse(0), why);
    }
}
