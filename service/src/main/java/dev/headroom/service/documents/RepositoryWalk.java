package dev.headroom.service.documents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the files of one repository that may be documents, in the order of their paths. Folders are entered, links to
 * folders never; a link to a file is followed as long as it stays in the configured directories.
 */
final class RepositoryWalk {
    private static final int DEEPEST = 64;

    private final String repository;
    private final Confinement confinement;
    private final DocumentShape shape;
    private final int mostFiles;
    private int entriesLeft;
    private final List<FoundFile> files = new ArrayList<>();
    private final List<Mistake> mistakes = new ArrayList<>();

    record Found(List<FoundFile> files, List<Mistake> mistakes) {}

    RepositoryWalk(String repository, Confinement confinement, DocumentShape shape, DocumentsSettings settings) {
        this.repository = repository;
        this.confinement = confinement;
        this.shape = shape;
        this.mostFiles = settings.maxFiles();
        this.entriesLeft = settings.maxEntries();
    }

    Found walk(Confined repositoryFolder) {
        try (Folder folder = Folder.below(repositoryFolder.root(), repositoryFolder.steps())) {
            enter(folder, repositoryFolder, "", 0);
        } catch (NoSuchFileException | NotDirectoryException gone) {
            // It was removed, or was a file all along: not there.
        } catch (IOException unreadable) {
            mistake("", "the repository " + Confinement.reason(unreadable));
        }
        if (entriesLeft == 0) {
            mistake("", "the repository has more entries than documents.max-entries; some were not looked at");
        }
        return new Found(List.copyOf(files), List.copyOf(mistakes));
    }

    private void enter(Folder folder, Confined at, String path, int depth) throws IOException {
        List<String> names = folder.names(entriesLeft);
        entriesLeft -= names.size();
        for (String name : names) {
            if (files.size() > mostFiles) {
                return; // one more than may be: enough to tell
            }
            String inner = path.isEmpty() ? name : path + "/" + name;
            try {
                look(folder, new Confined(at.root(), at.real().resolve(name)), name, inner, depth);
            } catch (NoSuchFileException | NotDirectoryException gone) {
                // It vanished, or became something else, while we looked: the next scan sees what is there then.
            } catch (IOException unreadable) {
                mistake(inner, Confinement.reason(unreadable));
            } catch (InvalidPathException foreign) {
                mistake(inner, Confinement.FOREIGN);
            }
        }
    }

    private void look(Folder folder, Confined at, String name, String path, int depth) throws IOException {
        boolean named = name.endsWith(shape.suffix());
        BasicFileAttributes attributes = folder.attributes(name);
        if (attributes.isSymbolicLink()) {
            link(at, path, named);
        } else if (attributes.isRegularFile() && named) {
            files.add(new FoundFile(path, at, FoundFile.Version.of(attributes)));
        } else if (attributes.isDirectory() && !shape.skip().contains(name)) {
            if (depth == DEEPEST) {
                mistake(path, "nested deeper than " + DEEPEST + " folders");
                return;
            }
            try (Folder child = folder.child(name)) {
                enter(child, at, path, depth + 1);
            }
        }
    }

    private void link(Confined at, String path, boolean named) throws IOException {
        Path target = at.real().toRealPath();
        Optional<Confined> inside = confinement.holding(target);
        boolean directory = Files.isDirectory(target);
        if (inside.isEmpty() && (named || directory)) {
            mistake(path, "a symbolic link that leaves documents.roots is not followed");
        } else if (inside.isPresent() && named && !directory) {
            BasicFileAttributes attributes = Files.readAttributes(target, BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                files.add(new FoundFile(path, inside.get(), FoundFile.Version.of(attributes)));
            }
        }
    }

    private void mistake(String path, String message) {
        mistakes.add(new Mistake(repository, path, message));
    }
}
