package dev.headroom.service.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkdownTextTest {
    @Test
    void frontMatterIsWhatStandsBetweenTheFirstTwoRules() {
        assertThat(new MarkdownText("---\na: 1\nb: 2\n---\ntext\n---\n").frontMatter())
                .contains(new MarkdownText.Yaml("a: 1\nb: 2", 2));
        assertThat(new MarkdownText("---  \na: 1\n...\n").frontMatter()).contains(new MarkdownText.Yaml("a: 1", 2));
        assertThat(new MarkdownText("---\n---\n").frontMatter()).contains(new MarkdownText.Yaml("", 2));
    }

    @Test
    void aFileMayBeginWithARuleAndHaveNoFrontMatter() {
        assertThat(new MarkdownText("---\na: 1\n").frontMatter()).isEmpty();
        assertThat(new MarkdownText("----\na: 1\n----\n").frontMatter()).isEmpty();
        assertThat(new MarkdownText("\n---\na: 1\n---\n").frontMatter()).isEmpty();
        assertThat(new MarkdownText("--- # no\na: 1\n---\n").frontMatter()).isEmpty();
        assertThat(new MarkdownText("").frontMatter()).isEmpty();
    }

    @Test
    void linesMayEndInCarriageReturnsToo() {
        MarkdownText text = new MarkdownText("---\r\na: 1\r\n---\r\n# Head\r\n```task\r\nid: 1\r\n```\r\n");

        assertThat(text.frontMatter()).contains(new MarkdownText.Yaml("a: 1", 2));
        assertThat(text.blocks("task")).containsExactly(block("id: 1", 6, "Head"));
    }

    @Test
    void aBlocksHeadingIsTheNearestAbove() {
        assertThat(blocks("""
                ```task
                id: 0
                ```
                # One
                ### Two ##
                ```task
                id: 1
                ```
                ```task
                id: 2
                ```
                Three
                =====
                ~~~~task extra words
                id: 3
                ~~~
                ~~~~
                """))
                .containsExactly(
                        block("id: 0", 2, null),
                        block("id: 1", 7, "Two"),
                        block("id: 2", 10, "Two"),
                        block("id: 3\n~~~", 15, "Three"));
    }

    @Test
    void whatStandsInOtherBlocksIsNeitherHeadingNorBlock() {
        assertThat(blocks("""
                ## T1 — `code` kept
                ````markdown
                # no heading
                ```task
                id: no
                ```
                ````
                ```python
                # in api/routers.py
                ```
                ```task
                id: 1
                ```
                """)).containsExactly(block("id: 1", 12, "T1 — `code` kept"));
    }

    @Test
    void rulesTablesAndHashtagsAreNoHeadings() {
        assertThat(blocks("""
                # Head
                - item
                ---
                | a |
                ---

                ---
                #hashtag
                    # code
                ```task
                id: 1
                ```
                """)).containsExactly(block("id: 1", 11, "Head"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "# a         | a",
                "# a #       | a",
                "# a#        | a#",
                "# a # b ##  | a # b",
                "## #        | ''",
                "##          | ''",
                "'  # a'     | a",
                "# # #       | #",
                "#\t a \t##\t | a"
            })
    void aHeadingMayBeClosedByItsSigns(String line, String heading) {
        assertThat(blocks("# before\n" + line + "\n```task\nid: 1\n```\n")).containsExactly(block("id: 1", 4, heading));
    }

    @Test
    void aLineAsLongAsAFileIsReadLikeAnyOther() {
        String gap = " ".repeat(500_000);

        assertThat(blocks("# a" + gap + "b\n``` c" + gap + "d\n```\n```task\nid: 1\n```" + gap + "\n"))
                .containsExactly(block("id: 1", 5, "a" + gap + "b"));
    }

    @Test
    void anIndentedFenceTakesItsIndentOffItsContent() {
        assertThat(blocks("  ```task\n  id: 1\n  list:\n    - 2\n  ```\n"))
                .containsExactly(block("id: 1\nlist:\n  - 2", 2, null));
    }

    @Test
    void aBlockWithoutEndReachesToTheEndOfTheFile() {
        assertThat(blocks("```task\nid: 1\n")).containsExactly(block("id: 1", 2, null));
    }

    @Test
    void otherWordsAreOtherBlocks() {
        assertThat(blocks("```tasks\nid: 1\n```\n```\nid: 2\n```\n``` task\nid: 3\n```\n"))
                .containsExactly(block("id: 3", 8, null));
    }

    private static List<MarkdownText.Block> blocks(String text) {
        return new MarkdownText(text).blocks("task");
    }

    private static MarkdownText.Block block(String yaml, int line, String heading) {
        return new MarkdownText.Block(new MarkdownText.Yaml(yaml, line), heading);
    }
}
