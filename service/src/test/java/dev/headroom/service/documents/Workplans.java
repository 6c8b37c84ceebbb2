package dev.headroom.service.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Workplans on disk, and the shape that the statehub catalog gives them. */
final class Workplans {
    static final DocumentShape SHAPE = new DocumentShape(
            "workstreams",
            ".md",
            Set.of(".git", "node_modules", ".venv", "target"),
            "type",
            "workplan",
            "id",
            map(
                    "id",
                    "id",
                    "title",
                    "title",
                    "status",
                    "status",
                    "domain",
                    "domain",
                    "owner",
                    "owner",
                    "topic_slug",
                    "topic_slug",
                    "created",
                    "created",
                    "updated",
                    "updated",
                    "workstream_id",
                    "state_hub_workstream_id"),
            "repo_slug",
            "path",
            Optional.of(new DocumentShape.Blocks(
                    "task", "tasks", map("id", "id", "status", "status", "priority", "priority"), "title")));

    private Workplans() {}

    static String workplan(String id) {
        return """
                ---
                id: %s
                type: workplan
                title: "Plan %s"
                ---

                # Plan

                ## First step

                ```task
                id: %s-T1
                status: todo
                priority: high
                ```
                """.formatted(id, id, id);
    }

    /** With a time stamp that is old enough to be trusted. */
    static Path write(Path file, String text) {
        return write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    static Path write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
            return age(file, 60);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path age(Path file, int seconds) {
        try {
            return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(seconds)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Repository repository(String slug, Path folder) {
        return new Repository(slug, folder.toString());
    }

    static List<String> paths(DocumentScan.Result result) {
        return result.documents().stream().map(DocumentScan.Located::path).toList();
    }

    static List<String> mistakes(DocumentScan.Result result) {
        return result.mistakes().stream()
                .map(mistake -> mistake.repository() + "/" + mistake.path() + ": " + mistake.message())
                .toList();
    }

    private static Map<String, String> map(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
