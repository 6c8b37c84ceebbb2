package dev.headroom.service.documents;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Looks at every repository and reads what has changed since the last time, so that a scan of unchanged files reads none.
 * One scan at a time; what it remembers is no more than what it last saw.
 */
final class DocumentScan {
    private final DocumentShape shape;
    private final DocumentsSettings settings;
    private final FileReading reading;
    private Map<Path, ReadFile> known = Map.of();

    /** One document where it was found. */
    record Located(String repository, String path, Document document) {}

    /** {@code read} is the number of files that had to be opened. */
    record Result(List<Located> documents, List<Mistake> mistakes, int seen, int read) {}

    private record Walked(Repository repository, RepositoryWalk.Found found) {}

    DocumentScan(DocumentShape shape, DocumentsSettings settings, InstantSource clock) {
        this.shape = shape;
        this.settings = settings;
        this.reading = new FileReading(shape, settings.maxFileSize(), clock);
    }

    Result scan(List<Repository> repositories) {
        Confinement confinement = new Confinement(settings.roots());
        List<Mistake> mistakes = new ArrayList<>();
        confinement.mistakes().forEach(message -> mistakes.add(new Mistake("", "", message)));
        List<Repository> inOrder = repositories.stream()
                .sorted(Comparator.comparing(Repository::name).thenComparing(Repository::localPath))
                .toList();
        try (Bounded threads = new Bounded(settings.parallel())) {
            List<Walked> walked = walk(inOrder, confinement, threads, mistakes);
            List<Walked> counted = withinLimit(walked, mistakes);
            return read(counted, threads, mistakes);
        }
    }

    private List<Walked> walk(
            List<Repository> repositories, Confinement confinement, Bounded threads, List<Mistake> mistakes) {
        List<Callable<Walked>> walks = new ArrayList<>();
        for (Repository repository : repositories) {
            try {
                confinement
                        .repository(repository.localPath())
                        .ifPresent(folder -> walks.add(() -> new Walked(
                                repository,
                                new RepositoryWalk(repository.name(), confinement, shape, settings).walk(folder))));
            } catch (NotReadable refused) {
                mistakes.add(new Mistake(repository.name(), "", refused.reason()));
            }
        }
        List<Walked> walked = threads.all(walks);
        walked.forEach(each -> mistakes.addAll(each.found().mistakes()));
        return walked;
    }

    /** In the order of the repositories, so that it is always the same files that are too many. */
    private List<Walked> withinLimit(List<Walked> walked, List<Mistake> mistakes) {
        List<Walked> within = new ArrayList<>();
        int left = settings.maxFiles();
        for (Walked each : walked) {
            List<FoundFile> files = each.found().files();
            if (files.size() > left) {
                mistakes.add(new Mistake(
                        each.repository().name(),
                        "",
                        "more files than documents.max-files, " + settings.maxFiles()
                                + " in all; the rest is left out"));
                files = files.subList(0, left);
            }
            left -= files.size();
            within.add(new Walked(each.repository(), new RepositoryWalk.Found(files, List.of())));
        }
        return within;
    }

    private Result read(List<Walked> walked, Bounded threads, List<Mistake> mistakes) {
        Map<Path, FoundFile> changed = new LinkedHashMap<>();
        Map<Path, ReadFile> now = new HashMap<>();
        for (FoundFile file :
                walked.stream().flatMap(each -> each.found().files().stream()).toList()) {
            ReadFile before = known.get(file.real());
            if (before != null && before.stillHolds(file)) {
                now.put(file.real(), before);
            } else {
                changed.put(file.real(), file);
            }
        }
        List<FoundFile> toRead = List.copyOf(changed.values());
        List<Optional<ReadFile>> fresh = threads.all(toRead.stream()
                .map(file -> (Callable<Optional<ReadFile>>) () -> reading.read(file))
                .toList());
        for (int i = 0; i < toRead.size(); i++) {
            Path real = toRead.get(i).real();
            fresh.get(i).ifPresent(read -> now.put(real, read));
        }
        known = now;
        return collect(walked, now, mistakes, toRead.size());
    }

    private static Result collect(
            List<Walked> walked, Map<Path, ReadFile> read, List<Mistake> mistakes, int readCount) {
        List<Located> documents = new ArrayList<>();
        int seen = 0;
        for (Walked each : walked) {
            for (FoundFile file : each.found().files()) {
                seen++;
                ReadFile content = read.get(file.real());
                if (content == null) {
                    continue; // vanished
                }
                String repository = each.repository().name();
                if (content.reason() != null) {
                    mistakes.add(new Mistake(repository, file.path(), content.reason()));
                }
                content.found().ifPresent(document -> {
                    documents.add(new Located(repository, file.path(), document));
                    document.mistakes().forEach(why -> mistakes.add(new Mistake(repository, file.path(), why)));
                });
            }
        }
        return new Result(documents, mistakes, seen, readCount);
    }
}
