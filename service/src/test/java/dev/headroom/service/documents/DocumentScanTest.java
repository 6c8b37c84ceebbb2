package dev.headroom.service.documents;

import static dev.headroom.service.documents.Workplans.SHAPE;
import static dev.headroom.service.documents.Workplans.mistakes;
import static dev.headroom.service.documents.Workplans.paths;
import static dev.headroom.service.documents.Workplans.repository;
import static dev.headroom.service.documents.Workplans.workplan;
import static dev.headroom.service.documents.Workplans.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentScanTest {
    @TempDir
    Path temp;

    private Path root;
    private Path repo;
    private DocumentScan scan;

    @BeforeEach
    void folders() throws IOException {
        root = Files.createDirectories(temp.resolve("root"));
        repo = Files.createDirectories(root.resolve("repo"));
        scan = scan(DocumentsSettings.of(root));
    }

    @Test
    void workplansAreFoundAtAnyDepthInOrder() {
        write(repo.resolve("z.md"), workplan("Z"));
        write(repo.resolve("docs/a/b/c/deep.md"), workplan("DEEP"));
        write(repo.resolve("docs/plan.md"), workplan("PLAN"));
        write(repo.resolve("README.md"), "# Read me\n");
        write(repo.resolve("docs/note.md"), "---\ntype: note\nid: N\n---\n");
        write(repo.resolve("plan.txt"), workplan("TXT"));

        DocumentScan.Result result = scan();

        assertThat(paths(result)).containsExactly("docs/a/b/c/deep.md", "docs/plan.md", "z.md");
        assertThat(mistakes(result)).isEmpty();
    }

    @Test
    void someFoldersAreNotEntered() {
        for (String skipped : List.of(".git", "node_modules", ".venv", "target")) {
            write(repo.resolve("a").resolve(skipped).resolve("plan.md"), workplan(skipped));
        }
        write(repo.resolve(".github/plan.md"), workplan("GITHUB"));

        assertThat(paths(scan())).containsExactly(".github/plan.md");
    }

    @Test
    void aScanOfUnchangedFilesReadsNone() {
        write(repo.resolve("plan.md"), workplan("P"));
        write(repo.resolve("README.md"), "# Read me\n");
        write(repo.resolve("broken.md"), "---\na: [\n---\n");

        DocumentScan.Result first = scan();
        DocumentScan.Result second = scan();

        assertThat(first.read()).isEqualTo(3);
        assertThat(second.read()).isZero();
        assertThat(second.documents()).isEqualTo(first.documents());
        assertThat(second.mistakes()).isEqualTo(first.mistakes()).hasSize(1);
    }

    @Test
    void onlyWhatChangedIsReadAgain() throws IOException {
        for (int i = 0; i < 10; i++) {
            write(repo.resolve("plan" + i + ".md"), workplan("P" + i));
        }
        scan();
        Workplans.age(repo.resolve("plan1.md"), 30);
        write(repo.resolve("plan2.md"), workplan("NEW SIZE"));
        write(repo.resolve("plan10.md"), workplan("P10"));
        Files.delete(repo.resolve("plan3.md"));

        DocumentScan.Result result = scan();

        assertThat(result.read()).isEqualTo(3);
        assertThat(paths(result))
                .doesNotContain("plan3.md")
                .contains("plan10.md")
                .hasSize(10);
        assertThat(result.documents())
                .anyMatch(located -> located.document().identity().equals("NEW SIZE"));
    }

    @Test
    void anotherFileUnderTheSameNameIsReadEvenWithTheSameTimeAndSize() throws IOException {
        Path plan = write(repo.resolve("plan.md"), workplan("A"));
        scan();
        Path other = write(temp.resolve("other.md"), workplan("B"));
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(plan));
        Files.move(other, plan, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(scan().documents().getFirst().document().identity()).isEqualTo("B");
    }

    @Test
    void aFileJustWrittenIsReadAgainSinceItsTimeCannotTellTheNextChange() throws IOException {
        Path plan = write(repo.resolve("plan.md"), workplan("A"));
        Files.setLastModifiedTime(
                plan,
                java.nio.file.attribute.FileTime.from(java.time.Instant.now().plusSeconds(5)));

        assertThat(scan().read()).isEqualTo(1);
        assertThat(scan().read()).isEqualTo(1);
    }

    @Test
    void filesThatCannotBeReadAreMistakesAndNeverFail() {
        write(repo.resolve("a-broken.md"), "---\ntype: workplan\nid: [1, 2\n---\n");
        write(
                repo.resolve("b-latin.md"),
                "---\ntype: workplan\nid: \u00e4\n---\n".getBytes(StandardCharsets.ISO_8859_1));
        write(repo.resolve("c-noid.md"), "---\ntype: workplan\n---\n");
        write(repo.resolve("d-block.md"), workplan("D").replace("status: todo", "status: [todo"));
        write(repo.resolve("e-huge.md"), workplan("E") + "x".repeat(2 << 20));
        write(repo.resolve("f-huge-readme.md"), "# Not ours\n" + "x".repeat(2 << 20));
        write(repo.resolve("g-good.md"), workplan("G"));

        DocumentScan.Result result = scan();

        assertThat(mistakes(result))
                .hasSize(5)
                .anySatisfy(m -> assertThat(m).startsWith("repo/a-broken.md: line 3: expected ',' or ']'"))
                .contains("repo/b-latin.md: the file is not UTF-8")
                .contains("repo/c-noid.md: the front matter has no 'id'")
                .anySatisfy(m -> assertThat(m).startsWith("repo/d-block.md: line 14: "))
                .contains("repo/e-huge.md: the file is larger than documents.max-file-size, 1048576 bytes");
        assertThat(paths(result))
                .as("what of a file can be read is answered")
                .containsExactly("d-block.md", "g-good.md");
    }

    @Test
    void aByteOrderMarkAndCarriageReturnsAreNoObstacle() {
        write(repo.resolve("bom.md"), "\uFEFF" + workplan("BOM"));
        write(repo.resolve("crlf.md"), workplan("CRLF").replace("\n", "\r\n"));

        DocumentScan.Result result = scan();

        assertThat(result.documents())
                .extracting(located -> located.document().identity())
                .containsExactly("BOM", "CRLF");
        assertThat(result.documents())
                .allSatisfy(located -> assertThat(located.document().blocks())
                        .singleElement()
                        .satisfies(block -> assertThat(block)
                                .containsEntry("title", "First step")
                                .containsEntry("status", "todo")));
    }

    @Test
    void whatIsTooManyIsLeftOutAndSaid() {
        for (int i = 0; i < 5; i++) {
            write(repo.resolve("plan" + i + ".md"), workplan("P" + i));
            write(root.resolve("second/plan" + i + ".md"), workplan("S" + i));
        }
        scan = scan(new DocumentsSettings(List.of(root), 1 << 20, 7, 1000, 2));

        DocumentScan.Result result =
                scan.scan(List.of(repository("second", root.resolve("second")), repository("repo", repo)));

        assertThat(result.documents()).hasSize(7);
        assertThat(mistakes(result))
                .containsExactly("second/: more files than documents.max-files, 7 in all; the rest is left out");
    }

    @Test
    void aFolderOfTooManyEntriesIsNotReadToItsEnd() {
        for (int i = 0; i < 30; i++) {
            write(repo.resolve("file" + i + ".txt"), "");
        }
        scan = scan(new DocumentsSettings(List.of(root), 1 << 20, 100, 10, 2));

        assertThat(mistakes(scan())).singleElement().asString().contains("documents.max-entries");
    }

    @Test
    void filesMayVanishChangeAndAppearWhileTheyAreScanned() throws Exception {
        for (int i = 0; i < 300; i++) {
            write(repo.resolve("d" + i % 10 + "/plan" + i + ".md"), workplan("P" + i));
        }
        AtomicBoolean stop = new AtomicBoolean();
        Thread vandal = Thread.ofVirtual().start(() -> {
            for (int round = 0; !stop.get(); round++) {
                Path file = repo.resolve("d" + round % 10 + "/plan" + round % 300 + ".md");
                deleteOrWrite(file, round);
            }
        });
        for (int i = 0; i < 20; i++) {
            assertThat(scan().mistakes()).isEmpty();
        }
        stop.set(true);
        vandal.join();
    }

    @Test
    void tenThousandFilesAreScannedAndThenNoneIsRead() {
        for (int i = 0; i < 10_000; i++) {
            write(repo.resolve("d" + i % 100 + "/plan" + i + ".md"), workplan("P" + i));
        }

        assertThat(scan().documents()).hasSize(10_000);
        DocumentScan.Result again = scan();
        assertThat(again.documents()).hasSize(10_000);
        assertThat(again.read()).isZero();
    }

    private static void deleteOrWrite(Path file, int round) {
        try {
            if (round % 3 == 0) {
                Files.deleteIfExists(file);
            } else {
                Path fresh = Files.writeString(file.resolveSibling("fresh.tmp"), workplan("R" + round));
                Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private DocumentScan.Result scan() {
        return scan.scan(List.of(repository("repo", repo)));
    }

    private static DocumentScan scan(DocumentsSettings settings) {
        return new DocumentScan(SHAPE, settings, InstantSource.system());
    }
}
