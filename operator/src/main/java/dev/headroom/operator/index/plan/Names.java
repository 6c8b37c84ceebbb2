package dev.headroom.operator.index.plan;

import dev.headroom.insight.Name;
import dev.headroom.operator.index.plan.WantedIndex.Undeclarable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The names that the operator gives, all within PostgreSQL's 63 bytes and all a function of what they are for: after a
 * crash the next pass recognises what the last one left.
 */
public final class Names {
    /** NAMEDATALEN - 1: what is longer the server would cut off silently. */
    static final int LIMIT = 63;

    private static final String NEW = "headroom_new_";
    private static final String OLD = "headroom_old_";

    private Names() {}

    /** While it is being built: nobody's name but ours, so that a leftover under it can only be ours. */
    static String underConstruction(Owner owner, WantedIndex wanted, String table) {
        return NEW + owner.tag() + digest(16, wanted.table().schema(), table, wanted.name(), wanted.definitionSql());
    }

    /** After it was replaced, until it is dropped. */
    static String retired(Owner owner, long oid) {
        return OLD + owner.tag() + oid;
    }

    static boolean isUnderConstruction(Owner owner, String name) {
        return name.startsWith(NEW + owner.tag());
    }

    static boolean isRetired(Owner owner, String name) {
        return name.startsWith(OLD + owner.tag());
    }

    public static boolean isOf(Owner owner, String name) {
        return isUnderConstruction(owner, name) || isRetired(owner, name);
    }

    /** Whoever's it is: another resource's work, not an index that serves anybody yet. */
    public static boolean isTransient(String name) {
        return name.startsWith(NEW) || name.startsWith(OLD);
    }

    /** Of a stranger's index whose name was needed. It is kept for ever, or until a person drops it. */
    static String setAside(String name, long oid) {
        return withSuffix(name, "_replaced_" + oid);
    }

    /** The part of a partitioned index on one partition. */
    static String ofPartition(WantedIndex wanted, String partition) {
        return withSuffix(
                wanted.name() + "_" + partition, "_" + digest(6, partition, wanted.name(), wanted.definitionSql()));
    }

    /** For a foreign key of one partition, made unlike any other by a digest as soon as something had to be cut off. */
    static String ofForeignKey(String table, List<String> columns) {
        String whole = "ix_" + table + "_" + String.join("_", columns);
        return bytes(whole) <= LIMIT ? whole : withSuffix(whole, "_" + digest(8, table, String.join("\0", columns)));
    }

    static String withSuffix(String name, String suffix) {
        int end = name.length();
        while (bytes(name.substring(0, end)) + bytes(suffix) > LIMIT) {
            end = name.offsetByCodePoints(end, -1);
        }
        return name.substring(0, end) + suffix;
    }

    static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    /** A short digest for names and comments: the same on every machine and in every version. */
    static String digest(int hexDigits, String... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                sha.update(part.getBytes(StandardCharsets.UTF_8));
                sha.update((byte) 0);
            }
            return HexFormat.of().formatHex(sha.digest()).substring(0, hexDigits);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** As an identifier in a statement. */
    static String quote(String name) {
        if (name.indexOf('\0') >= 0) {
            throw new Undeclarable("a name cannot contain a NUL character");
        }
        return Name.quote(name);
    }

    /** As a literal in a statement. Sessions run with standard_conforming_strings on. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
