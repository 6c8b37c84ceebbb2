package dev.headroom.operator.index.plan;

import dev.headroom.insight.Name;
import dev.headroom.operator.crd.IndexDeclaration;
import dev.headroom.operator.crd.IndexStatus.Origin;

/** An index that should be there, on a table that is known, as SQL that is known to be safe. */
public record WantedIndex(String name, Name table, Origin origin, boolean unique, String definitionSql) {

    /** Throws {@link Undeclarable}. */
    public static WantedIndex of(IndexDeclaration declared, Name table, Origin origin) {
        if (Names.bytes(declared.name()) > Names.LIMIT) {
            throw new Undeclarable("the name has more than " + Names.LIMIT + " bytes, PostgreSQL would cut it off");
        }
        return new WantedIndex(declared.name(), table, origin, declared.unique(), Definition.sql(declared));
    }

    /** Without CONCURRENTLY: for the empty copy on which the server is asked what it would store. */
    public String createOn(String as, String tableSql) {
        return "CREATE " + uniqueness() + "INDEX " + Names.quote(as) + " ON " + tableSql + definitionSql;
    }

    public String createConcurrently(String as, Name onTable) {
        return "CREATE " + uniqueness() + "INDEX CONCURRENTLY " + Names.quote(as) + " ON " + onTable.quoted()
                + definitionSql;
    }

    public String createOnParentOnly(String as, Name onTable) {
        return "CREATE " + uniqueness() + "INDEX " + Names.quote(as) + " ON ONLY " + onTable.quoted() + definitionSql;
    }

    /** Changes whenever the declaration would mean something else. */
    public String fingerprint() {
        return Names.digest(16, table.schema(), table.name(), String.valueOf(unique), definitionSql);
    }

    public Name qualifiedName() {
        return new Name(table.schema(), name);
    }

    private String uniqueness() {
        return unique ? "UNIQUE " : "";
    }
}
