package dev.headroom.service.documents;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What counts as a document and what of it is answered; all names come from the catalog.
 *
 * @param collection the key of the answer that holds the documents by their identity
 * @param suffix how a file's name ends
 * @param skip names of folders that are not entered
 * @param kind a front matter whose {@code type} is this is a document
 * @param identity the front matter's field that identifies a document
 * @param fields by key of the answer: the field of the front matter
 * @param repository the answer's key for the repository's name
 * @param path the answer's key for the path in the repository
 */
record DocumentShape(
        String collection,
        String suffix,
        Set<String> skip,
        String kindField,
        String kind,
        String identity,
        Map<String, String> fields,
        String repository,
        String path,
        Optional<Blocks> blocks) {

    /**
     * Fenced blocks of YAML in a document's text.
     *
     * @param word the first word after the fence
     * @param collection the document's key that holds them
     * @param fields by key of the answer: the block's field
     * @param heading the answer's key for the nearest heading above
     */
    record Blocks(String word, String collection, Map<String, String> fields, String heading) {}
}
