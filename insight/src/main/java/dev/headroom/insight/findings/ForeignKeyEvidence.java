package dev.headroom.insight.findings;

import dev.headroom.insight.ForeignKey;
import dev.headroom.insight.Index;
import dev.headroom.insight.Name;
import dev.headroom.insight.Structure;
import java.util.List;
import java.util.stream.Collectors;

/** Says why a foreign key counts as not indexed: which look-ups suffer, and which indexes come near and why they fail. */
final class ForeignKeyEvidence {
    /** Below this a scan of the whole table costs about what an index look-up does. */
    private static final long SMALL_BYTES = 1 << 20;

    private static final int NEAR_MISSES_SHOWN = 3;
    private static final int TABLES_SHOWN = 5;

    private ForeignKeyEvidence() {}

    static Finding.Severity severity(List<ForeignKey> keys) {
        boolean small = keys.stream().noneMatch(key -> key.partitioned() || key.bytes() >= SMALL_BYTES);
        return small ? Finding.Severity.LOW : Finding.Severity.MEDIUM;
    }

    static String text(ForeignKey key, List<Name> lacking, List<Name> holders, Structure structure) {
        String columns = String.join(", ", key.columns());
        return "no usable index begins with (" + columns + ")" + where(key, lacking, holders)
                + ": deleting from " + key.referencedTable() + " (ON DELETE " + key.onDelete()
                + ") and joining along the key " + cost(key, lacking, structure)
                + nearMisses(key, lacking, structure);
    }

    /** An index on some of the columns narrows the look-up, so that not everything is read. */
    private static String cost(ForeignKey key, List<Name> lacking, Structure structure) {
        for (Name table : lacking) {
            for (Index index : structure.indexesOn(table)) {
                List<String> found = ForeignKeyFit.columnsFoundBy(index, key.columns());
                if (!found.isEmpty() && lacking.size() == 1) {
                    return "read all rows that have the same " + String.join(", ", found) + ", which "
                            + index.name().name() + " finds";
                }
            }
        }
        return "read it whole";
    }

    private static String where(ForeignKey key, List<Name> lacking, List<Name> holders) {
        if (!key.partitioned()) {
            return " on " + key.table() + " (" + Bytes.text(key.bytes()) + rows(key) + ")";
        }
        String named = lacking.stream().limit(TABLES_SHOWN).map(Name::toString).collect(Collectors.joining(", "));
        return " on " + lacking.size() + " of " + holders.size() + " partitions of " + key.table() + " (" + named
                + (lacking.size() > TABLES_SHOWN ? ", …)" : ")");
    }

    private static String rows(ForeignKey key) {
        return key.rows() < 0 ? ", never analysed" : ", about " + key.rows() + " rows";
    }

    private static String nearMisses(ForeignKey key, List<Name> lacking, Structure structure) {
        String misses = lacking.stream()
                .flatMap(table -> structure.indexesOn(table).stream())
                .filter(index -> mentions(index, key))
                .limit(NEAR_MISSES_SHOWN)
                .map(index -> index.name().name() + " "
                        + ForeignKeyFit.misfit(index, key.columns()).orElse("is usable"))
                .collect(Collectors.joining("; "));
        return misses.isEmpty() ? "" : " (" + misses + ")";
    }

    private static boolean mentions(Index index, ForeignKey key) {
        return index.shape().keys().stream()
                .anyMatch(indexKey -> indexKey.column() != null
                        ? key.columns().contains(indexKey.column())
                        : key.columns().stream().anyMatch(indexKey.text()::contains));
    }
}
