package dev.headroom.operator.index.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.operator.crd.IndexDeclaration;
import dev.headroom.operator.crd.IndexDeclaration.IndexKey;
import dev.headroom.operator.index.plan.WantedIndex.Undeclarable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WantedIndexTest {

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
        assertThat(WantedIndex.definition(declared))
                .isEqualTo(
                        " USING \"btree\" (\"Title\" COLLATE \"pg_catalog\".\"de-x-icu\" \"text_pattern_ops\" DESC NULLS LAST,"
                                + " (lower(status)) COLLATE \"C\") INCLUDE (\"n\"\"x\") NULLS NOT DISTINCT"
                                + " WITH (deduplicate_items = 'off', fillfactor = '90') WHERE (n > 0)");
    }

    @Test
    void anOperatorClassMayHaveParameters() {
        assertThat(WantedIndex.QualifiedName.parse("ext.gist_trgm_ops(siglen=32)")
                        .sql())
                .isEqualTo("\"ext\".\"gist_trgm_ops\"(siglen=32)");
        assertThatThrownBy(() -> WantedIndex.QualifiedName.parse("gist_trgm_ops(siglen=32) , b"))
                .isInstanceOf(Undeclarable.class);
        assertThatThrownBy(() -> WantedIndex.QualifiedName.parse("a b")).isInstanceOf(Undeclarable.class);
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
        assertThatThrownBy(() -> WantedIndex.definition(declared)).isInstanceOf(Undeclarable.class);
    }
}
