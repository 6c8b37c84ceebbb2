package dev.headroom.operator.index.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.operator.crd.IndexDeclaration;
import dev.headroom.operator.crd.IndexKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DefinitionTest {

    @Test
    void everyPartOfADeclarationStandsInTheStatementQuoted() {
        IndexKey title = new IndexKey(
                "Title", null, IndexKey.Order.DESC, IndexKey.Nulls.LAST, "text_pattern_ops", "pg_catalog.\"de-x-icu\"");
        IndexKey lower = new IndexKey(null, "lower(status)", null, null, null, "C");
        IndexDeclaration declared = new IndexDeclaration(
                "ix",
                "tasks",
                null,
                List.of(),
                List.of(title, lower),
                "btree",
                true,
                true,
                List.of("n\"x"),
                "n > 0",
                Map.of("fillfactor", "90", "deduplicate_items", "off"));
        assertThat(Definition.sql(declared))
                .isEqualTo(
                        " USING \"btree\" (\"Title\" COLLATE \"pg_catalog\".\"de-x-icu\" \"text_pattern_ops\" DESC NULLS LAST,"
                                + " (lower(status)) COLLATE \"C\") INCLUDE (\"n\"\"x\") NULLS NOT DISTINCT"
                                + " WITH (deduplicate_items = 'off', fillfactor = '90') WHERE (n > 0)");
    }

    @Test
    void anOperatorClassMayHaveParameters() {
        assertThat(Definition.QualifiedName.parse("ext.gist_trgm_ops(siglen=32)")
                        .sql())
                .isEqualTo("\"ext\".\"gist_trgm_ops\"(siglen=32)");
        assertThatThrownBy(() -> Definition.QualifiedName.parse("gist_trgm_ops(siglen=32) , b"))
                .isInstanceOf(Undeclarable.class);
        assertThatThrownBy(() -> Definition.QualifiedName.parse("a b")).isInstanceOf(Undeclarable.class);
    }

    @Test
    void aStorageParameterCannotSmuggleAnythingIn() {
        IndexDeclaration declared = new IndexDeclaration(
                "ix",
                "tasks",
                null,
                List.of("a"),
                List.of(),
                "btree",
                false,
                false,
                List.of(),
                null,
                Map.of("fillfactor) where (true", "90"));
        assertThatThrownBy(() -> Definition.sql(declared)).isInstanceOf(Undeclarable.class);
    }
}
