package dev.headroom.operator.index;

import dev.headroom.operator.crd.IndexDeclaration;
import dev.headroom.operator.crd.IndexDeclaration.IndexKey;
import java.util.List;
import java.util.Map;

/** Declarations, as briefly as a test wants to write them. */
public record Wanted(IndexDeclaration declaration) {

    public static Wanted index(String name, String table, String... columns) {
        return new Wanted(new IndexDeclaration(
                name, table, null, List.of(columns), List.of(), "btree", false, false, List.of(), null, Map.of()));
    }

    public static Wanted keys(String name, String table, IndexKey... keys) {
        return new Wanted(new IndexDeclaration(
                name, table, null, List.of(), List.of(keys), "btree", false, false, List.of(), null, Map.of()));
    }

    public static IndexKey expression(String sql) {
        return new IndexKey(null, sql, null, null, null, null);
    }

    public Wanted unique() {
        return with(declaration.method(), true, declaration.where(), declaration.include(), Map.of());
    }

    public Wanted where(String predicate) {
        return with(
                declaration.method(),
                declaration.unique(),
                predicate,
                declaration.include(),
                declaration.storageParameters());
    }

    public Wanted using(String method) {
        return with(
                method,
                declaration.unique(),
                declaration.where(),
                declaration.include(),
                declaration.storageParameters());
    }

    public Wanted including(String... columns) {
        return with(
                declaration.method(),
                declaration.unique(),
                declaration.where(),
                List.of(columns),
                declaration.storageParameters());
    }

    public Wanted storage(Map<String, String> parameters) {
        return with(declaration.method(), declaration.unique(), declaration.where(), declaration.include(), parameters);
    }

    public Wanted in(String schema) {
        return new Wanted(new IndexDeclaration(
                declaration.name(),
                declaration.table(),
                schema,
                declaration.columns(),
                declaration.keys(),
                declaration.method(),
                declaration.unique(),
                declaration.nullsNotDistinct(),
                declaration.include(),
                declaration.where(),
                declaration.storageParameters()));
    }

    private Wanted with(
            String method, boolean unique, String where, List<String> include, Map<String, String> storage) {
        return new Wanted(new IndexDeclaration(
                declaration.name(),
                declaration.table(),
                declaration.schema(),
                declaration.columns(),
                declaration.keys(),
                method,
                unique,
                declaration.nullsNotDistinct(),
                include,
                where,
                storage));
    }
}
