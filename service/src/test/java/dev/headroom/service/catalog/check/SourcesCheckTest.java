package dev.headroom.service.catalog.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headroom.service.catalog.load.Catalogs;
import dev.headroom.service.documents.DocumentsSourceType;
import dev.headroom.service.facets.FacetsType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The check of entries whose answers come from facets or documents instead of one statement. */
class SourcesCheckTest extends ShopCatalog {
    @Test
    void facetsAreNoAnswerButASource() throws IOException {
        Catalogs catalogs = facetsCatalog("select doc as item, tags as kind, title as size from {items}");
        catalogs.with(
                "catalog.yaml",
                Files.readString(folder.resolve("catalog.yaml")).replace("answer: document", "answer: facets"));
        assertThat(new CatalogCheck(database)
                        .check(catalogs.load(new FacetsType()))
                        .mistakes())
                .extracting(catalogs::told)
                .containsExactly("catalog.yaml:4: 'answer' must be one of list, object, document ('facets' is no answer"
                        + " but a source: it stands in place of 'sql', beside answer: document)");
    }

    @Test
    void rowsOfFacetsHaveAnItemAndAColumnPerCategory() {
        assertThat(facets("select to_json(id) as thing, tags as kind, title as size from {items}"))
                .containsExactly("items.sql:1: the rows of facets have no column 'item'"
                        + " (select the item as the answer shows it, as in: row_to_json(x) as item)");
        assertThat(facets("select id as item, tags as kind, title as size from {items}"))
                .containsExactly("items.sql:1: column 'item' is int4, and must be json or jsonb"
                        + " (select the item as the answer shows it, as in: row_to_json(x) as item)");
        assertThat(facets("select doc as item, tags as kind from {items}"))
                .containsExactly("items.sql:1: the rows of facets have no column 'size', which is a category"
                        + " (select it, or take it out of 'categories'; there are item, kind)");
        assertThat(facets("select doc as item, i as kind, doc -> 'size' as size from {items} i"))
                .containsExactly("items.sql:1: category 'kind' is \"shop\".\"items\", which has no values to filter by"
                        + " (select text, an array of texts, or JSON)");
        assertThat(facets("select doc as item, tags as kind, doc -> 'size' as size from {items}"))
                .isEmpty();
    }

    @Test
    void constantsOfFacetsAreJsonAndTheirChangeIsOneValue() {
        Catalogs catalogs = facetsCatalog("select doc as item, tags as kind, title as size from {items}")
                .with("names.sql", "select title from {items}")
                .with("changed.sql", "select 1 as a, 2 as b");
        assertThat(new CatalogCheck(database)
                        .check(catalogs.load(new FacetsType()))
                        .mistakes())
                .extracting(catalogs::told)
                .containsExactly(
                        "changed.sql:1: this statement gives one value, and has 2 columns (select that one alone)",
                        "names.sql:1: a constant is json or jsonb, and the statement's column is varchar (select to_json(…))");
    }

    @Test
    void rootsOfDocumentsAreTwoTexts() {
        assertThat(roots("select title from {items}"))
                .containsExactly(
                        "items.sql:1: the roots of documents are two columns of text, and the statement has title varchar"
                                + " (select a repository's name and its local path, in this order)");
        assertThat(roots("select title, doc from {items}"))
                .singleElement()
                .asString()
                .contains("doc jsonb");
        assertThat(roots("select title, '/srv'::text as path from {items}")).isEmpty();
    }

    private List<String> facets(String sql) {
        Catalogs catalogs = facetsCatalog(sql);
        return new CatalogCheck(database)
                .check(catalogs.load(new FacetsType())).mistakes().stream()
                        .map(catalogs::told)
                        .toList();
    }

    private Catalogs facetsCatalog(String sql) {
        return new Catalogs(folder)
                .with("catalog.yaml", """
                        name: shop
                        endpoints:
                          /filter:
                            answer: document
                            parameters: {kind: {type: text, list: true}, size: {type: text, list: true}}
                            facets:
                              rows: items.sql
                              categories: [kind, size]
                              constants: {names: names.sql}
                              changed: changed.sql
                        """)
                .with("items.sql", sql)
                .with("names.sql", "select to_json(title) from {items}")
                .with("changed.sql", "select count(*) from {items}");
    }

    private List<String> roots(String sql) {
        Catalogs catalogs = new Catalogs(folder).with("catalog.yaml", """
                        name: shop
                        endpoints:
                          /documents:
                            answer: document
                            documents:
                              roots: items.sql
                              collection: plans
                              front-matter: {type: plan}
                              fields: {id: id}
                        """).with("items.sql", sql);
        return new CatalogCheck(database)
                .check(catalogs.load(new DocumentsSourceType())).mistakes().stream()
                        .map(catalogs::told)
                        .toList();
    }
}
