package dev.headroom.operator.crd;

import dev.headroom.operator.crd.DatabaseSpec.TlsSpec;
import dev.headroom.operator.crd.IndexDeclaration.IndexKey;
import dev.headroom.operator.crd.IndexesSpec.BuildSpec;
import dev.headroom.support.Durations;
import dev.headroom.support.Sizes;
import dev.headroom.support.VisibleText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules of {@link Rules} in Java: for files that no API server has seen, and for clusters where an older CRD let
 * something through. A test holds both against the same cases.
 */
public final class SpecRules {

    private static final Pattern DIRECTION = Pattern.compile(" (asc|desc|nulls first|nulls last)$");

    private final List<Breach> breaches = new ArrayList<>();

    private SpecRules() {}

    /** One broken rule and where, such as spec.indexes.declared[2].keys[0]. */
    public record Breach(String path, String message) {
        @Override
        public String toString() {
            return path + ": " + message;
        }
    }

    /** Of all sections. */
    public static List<Breach> breaches(DbPerformanceSpec spec) {
        return Stream.concat(ofDatabase(spec).stream(), ofIndexes(spec).stream())
                .toList();
    }

    /** Of what every concern needs. */
    public static List<Breach> ofDatabase(DbPerformanceSpec spec) {
        SpecRules rules = new SpecRules();
        rules.tls(spec.database().tls());
        rules.oneLine("spec.database.name", spec.database().name());
        rules.eachInOneLine("spec.database.schemas", spec.database().schemas());
        return rules.breaches;
    }

    public static List<Breach> ofIndexes(DbPerformanceSpec spec) {
        SpecRules rules = new SpecRules();
        rules.build(spec.indexes().build());
        Set<List<String>> names = new HashSet<>();
        for (int i = 0; i < spec.indexes().declared().size(); i++) {
            IndexDeclaration index = spec.indexes().declared().get(i);
            if (!names.add(List.of(String.valueOf(index.schema()), index.name()))) {
                rules.add("spec.indexes", Rules.NAMES_ARE_UNIQUE_MESSAGE + ": " + index.name());
            }
            rules.index("spec.indexes.declared[" + i + "]", index);
        }
        return rules.breaches;
    }

    private void tls(TlsSpec tls) {
        boolean verifies = tls.mode() == TlsSpec.TlsMode.VERIFY_CA || tls.mode() == TlsSpec.TlsMode.VERIFY_FULL;
        if (tls.caSecretRef() != null && !verifies) {
            add("spec.database.tls", Rules.CA_IS_USED_MESSAGE);
        }
    }

    private void build(BuildSpec build) {
        duration(
                "lockTimeout",
                build.lockTimeout(),
                Duration.ofMillis(10),
                Duration.ofMinutes(10),
                Rules.LOCK_TIMEOUT_RANGE_MESSAGE);
        duration(
                "statementTimeout",
                build.statementTimeout(),
                Duration.ofSeconds(1),
                Duration.ofDays(7),
                Rules.BUILD_LIMIT_RANGE_MESSAGE);
        String memory = build.maintenanceWorkMem();
        if (memory != null && !memory.matches(Sizes.PATTERN_WITH_UNIT)) {
            add("spec.indexes.build.maintenanceWorkMem", "not an amount of memory such as 256Mi or 1Gi: " + memory);
        }
    }

    private void duration(String field, String text, Duration least, Duration most, String message) {
        try {
            Duration duration = Durations.parse(text);
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                add("spec.indexes.build." + field, message);
            }
        } catch (IllegalArgumentException e) {
            add("spec.indexes.build." + field, String.valueOf(e.getMessage()));
        }
    }

    private void index(String path, IndexDeclaration index) {
        oneLine(path + ".name", index.name());
        oneLine(path + ".table", index.table());
        oneLine(path + ".schema", index.schema());
        oneLine(path + ".where", index.where());
        eachInOneLine(path + ".columns", index.columns());
        eachInOneLine(path + ".include", index.include());
        index.storageParameters().forEach((name, value) -> {
            oneLine(path + ".storageParameters", name);
            oneLine(path + ".storageParameters." + VisibleText.of(name), value);
        });
        if (index.columns().isEmpty() == index.keys().isEmpty()) {
            add(path, Rules.COLUMNS_OR_KEYS_MESSAGE);
        }
        if (index.columns().stream()
                .anyMatch(column ->
                        DIRECTION.matcher(column.toLowerCase(Locale.ROOT)).find())) {
            add(path, Rules.PLAIN_COLUMNS_MESSAGE);
        }
        if (index.nullsNotDistinct() && !index.unique()) {
            add(path, Rules.NULLS_NEED_UNIQUE_MESSAGE);
        }
        for (int k = 0; k < index.keys().size(); k++) {
            key(path + ".keys[" + k + "]", index.keys().get(k));
        }
    }

    private void key(String path, IndexKey key) {
        oneLine(path + ".column", key.column());
        oneLine(path + ".expression", key.expression());
        oneLine(path + ".opclass", key.opclass());
        oneLine(path + ".collation", key.collation());
        if (given(key.column()) == given(key.expression())) {
            add(path, Rules.COLUMN_OR_EXPRESSION_MESSAGE);
        }
    }

    private void eachInOneLine(String path, List<String> texts) {
        for (int i = 0; i < texts.size(); i++) {
            oneLine(path + "[" + i + "]", texts.get(i));
        }
    }

    private void oneLine(String path, @Nullable String text) {
        if (text != null && !text.matches(Rules.ONE_LINE)) {
            add(
                    path,
                    Rules.ONE_LINE_MESSAGE.formatted(
                            VisibleText.firstHidden(text).orElse(0)));
        }
    }

    private static boolean given(@Nullable String text) {
        return text != null;
    }

    private void add(String path, String message) {
        breaches.add(new Breach(path, message));
    }
}
