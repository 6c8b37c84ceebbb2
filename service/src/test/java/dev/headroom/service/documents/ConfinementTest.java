package dev.headroom.service.documents;

import static dev.headroom.service.documents.Workplans.SHAPE;
import static dev.headroom.service.documents.Workplans.mistakes;
import static dev.headroom.service.documents.Workplans.paths;
import static dev.headroom.service.documents.Workplans.workplan;
import static dev.headroom.service.documents.Workplans.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing outside of documents.roots is ever read, whatever the database or the repositories say. */
class ConfinementTest {
    @TempDir
    Path temp;

    private Path root;
    private Path repo;
    private Path outside;

    @BeforeEach
    void folders() throws IOException {
        root = Files.createDirectories(temp.resolve("root"));
        repo = Files.createDirectories(root.resolve("repo"));
        outside = Files.createDirectories(temp.resolve("outside"));
        write(repo.resolve("plan.md"), workplan("IN"));
        write(outside.resolve("secret.md"), workplan("SECRET"));
    }

    @Test
    void aPathThatLeavesByDotsIsRefused() {
        DocumentScan.Result result = scan(root + "/repo/../../outside");

        assertThat(result.documents()).isEmpty();
        assertThat(mistakes(result)).containsExactly("repo/: the local path leaves documents.roots by '..'");
    }

    @Test
    void aPathThatLeavesByALinkIsRefused() throws IOException {
        Files.createSymbolicLink(root.resolve("link"), outside);

        DocumentScan.Result result = scan(root + "/link");

        assertThat(result.documents()).isEmpty();
        assertThat(mistakes(result)).containsExactly("repo/: the local path leaves documents.roots by a symbolic link");
    }

    @Test
    void aPathElsewhereOrNowhereIsNoneOfOurs() {
        for (String path : List.of(outside.toString(), root + "/nowhere", root + "x/repo", "/")) {
            DocumentScan.Result result = scan(path);

            assertThat(result.documents()).as(path).isEmpty();
            assertThat(result.mistakes()).as(path).isEmpty();
        }
    }

    @Test
    void oddPathsAreRefused() {
        assertThat(mistakes(scan("root/repo"))).containsExactly("repo/: the local path is not absolute");
        assertThat(mistakes(scan("/a\0b"))).containsExactly("repo/: the local path is not a path");
    }

    @Test
    void dotsAndLinksThatStayInsideAreFine() throws IOException {
        Files.createSymbolicLink(root.resolve("link"), repo);

        assertThat(paths(scan(root + "/link"))).containsExactly("plan.md");
        assertThat(paths(scan(root + "/repo/../repo/."))).containsExactly("plan.md");
    }

    @Test
    void aRootThatIsItselfALinkIsTrusted() throws IOException {
        Path alias = Files.createSymbolicLink(temp.resolve("alias"), root);

        assertThat(paths(scan(DocumentsSettings.of(alias), alias + "/repo"))).containsExactly("plan.md");
        assertThat(paths(scan(DocumentsSettings.of(alias), root + "/repo"))).containsExactly("plan.md");
    }

    @Test
    void linksInARepositoryThatLeaveAreRefusedOneByOne() throws IOException {
        Files.createSymbolicLink(repo.resolve("file.md"), outside.resolve("secret.md"));
        Files.createSymbolicLink(repo.resolve("folder"), outside);
        Files.createSymbolicLink(repo.resolve("relative.md"), Path.of("../../outside/secret.md"));
        Files.createSymbolicLink(repo.resolve("tool"), outside.resolve("secret.md"));
        Files.createSymbolicLink(repo.resolve("dangling.md"), temp.resolve("nothing"));

        DocumentScan.Result result = scan(repo.toString());

        assertThat(paths(result)).containsExactly("plan.md");
        assertThat(mistakes(result))
                .containsExactly(
                        "repo/file.md: a symbolic link that leaves documents.roots is not followed",
                        "repo/folder: a symbolic link that leaves documents.roots is not followed",
                        "repo/relative.md: a symbolic link that leaves documents.roots is not followed");
    }

    @Test
    void aLinkToAFileInsideIsFollowedAndOneToAFolderIsNot() throws IOException {
        write(root.resolve("shared/common.md"), workplan("COMMON"));
        Files.createSymbolicLink(repo.resolve("common.md"), root.resolve("shared/common.md"));
        Files.createSymbolicLink(repo.resolve("loop"), repo);

        DocumentScan.Result result = scan(repo.toString());

        assertThat(paths(result)).containsExactly("common.md", "plan.md");
        assertThat(result.mistakes()).isEmpty();
    }

    @Test
    void withoutRootsNothingIsReadAndTheAnswerSaysWhy() {
        assertThat(mistakes(scan(DocumentsSettings.of(), repo.toString())))
                .containsExactly("/: documents.roots names no directory, so no repository is read");
        assertThat(mistakes(scan(DocumentsSettings.of(root.resolve("gone")), repo.toString())))
                .containsExactly("/: documents.roots: " + root.resolve("gone") + " does not exist");
    }

    @Test
    void aFolderSwappedForALinkIsNotFollowed() throws IOException {
        Path inner = Files.createDirectories(repo.resolve("inner"));
        write(inner.resolve("secret.md"), workplan("IN"));
        Confined file = new Confined(root.toRealPath(), inner.toRealPath().resolve("secret.md"));
        FoundFile found =
                new FoundFile("inner/secret.md", file, new FoundFile.Version(0, java.time.Instant.EPOCH, null));
        FileReading reading = new FileReading(SHAPE, 1 << 20, InstantSource.system());
        assertThat(reading.read(found).orElseThrow().found()).isPresent();

        Files.move(inner, repo.resolve("away"));
        Files.createSymbolicLink(inner, outside);

        assertThat(reading.read(found).flatMap(ReadFile::found)).isEmpty();
        try (Folder folder = Folder.open(repo.toRealPath())) {
            assertThatThrownBy(() -> folder.child("inner")).isInstanceOf(IOException.class);
        }
        NamedFolder named = new NamedFolder(repo.toRealPath());
        assertThatThrownBy(() -> named.child("inner")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new NamedFolder(inner).file("secret.md")).isInstanceOf(IOException.class);
    }

    @Test
    void howeverFastALinkTakesAFoldersPlaceNothingOutsideIsRead() throws Exception {
        Path door = repo.resolve("door");
        Path real = Files.createDirectories(temp.resolve("root/real"));
        write(real.resolve("secret.md"), workplan("IN-2"));
        Path link = Files.createSymbolicLink(root.resolve("bait"), outside);
        Files.move(real, door);
        AtomicBoolean stop = new AtomicBoolean();
        Thread swapper = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                swap(door, real, link);
            }
        });
        for (int i = 0; i < 300; i++) {
            assertThat(scan(repo.toString()).documents())
                    .noneMatch(located -> located.document().identity().equals("SECRET"));
        }
        stop.set(true);
        swapper.join();
    }

    private static void swap(Path door, Path aside, Path link) {
        try {
            Files.move(door, aside, StandardCopyOption.ATOMIC_MOVE);
            Files.move(link, door, StandardCopyOption.ATOMIC_MOVE);
            Files.move(door, link, StandardCopyOption.ATOMIC_MOVE);
            Files.move(aside, door, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private DocumentScan.Result scan(String localPath) {
        return scan(DocumentsSettings.of(root), localPath);
    }

    private static DocumentScan.Result scan(DocumentsSettings settings, String localPath) {
        return new DocumentScan(SHAPE, settings, InstantSource.system())
                .scan(List.of(new Repository("repo", localPath)));
    }
}
