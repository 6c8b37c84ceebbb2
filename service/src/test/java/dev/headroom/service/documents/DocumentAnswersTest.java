package dev.headroom.service.documents;

import static dev.headroom.service.documents.Workplans.workplan;
import static dev.headroom.service.documents.Workplans.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.service.catalog.Endpoint;
import dev.headroom.service.catalog.StatehubDatabase;
import dev.headroom.service.database.failure.DatabaseFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workplan index of the statehub catalog, from the entry in catalog.yaml to the bytes of the answer. */
class DocumentAnswersTest {
    private static final String API_PERFORMANCE = """
            ---
            id: CUST-WP-0041
            type: workplan
            title: "API Performance Optimization"
            domain: custodian
            status: todo
            owner: custodian
            topic_slug: custodian
            created: "2026-05-15"
            updated: 2026-05-16
            state_hub_workstream_id: "36b97d4a-0144-479b-81fb-9b9072379143"
            ---

            # API Performance Optimization

            ## Tasks

            ### T1 — Add missing DB indexes

            ```task
            id: CUST-WP-0041-T1
            status: done
            priority: high
            state_hub_task_id: "160152e1-2286-46dc-9240-0d6a6db8abd9"
            ```

            ```sql
            -- Filters used by /tasks/?needs_human
            CREATE INDEX ix_tasks_status ON tasks(status);
            ```

            ### T2 — Add TTL cache to `/workstreams/workplan-index`

            ```python
            # in api/routers/workstreams.py
            ```

            ```task
            id: CUST-WP-0041-T2
            status: done
            priority: high
            depends_on: [CUST-WP-0041-T1]
            ```
            """;

    @TempDir
    Path root;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private StatehubDatabase statehub;
    private DocumentAnswers answers;
    private Endpoint endpoint;

    @BeforeEach
    void statehubWithThreeRepositories() {
        statehub = new StatehubDatabase();
        statehub.execute("""
                insert into domains (id, slug, title, status, created_at, updated_at)
                values ('00000000-0000-0000-0000-000000000001', 'd', 'D', 'active', now(), now())""");
        repository("hub", root.resolve("hub").toString(), "active");
        repository("old", root.resolve("old").toString(), "archived");
        repository("cloud", null, "active");
        answers = new DocumentAnswers(statehub.database(), DocumentsSettings.of(root), now::get);
        endpoint = statehub.loaded().endpoints().stream()
                .filter(each -> each.source() instanceof DocumentsSource)
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void close() {
        statehub.close();
    }

    @Test
    void theAnswerIsTheContracts() {
        write(root.resolve("hub/workplans/CUST-WP-0041.md"), API_PERFORMANCE);
        write(root.resolve("old/plan.md"), workplan("OLD"));

        assertThat(get()).isEqualTo("""
                {"workstreams":{"CUST-WP-0041":{"id":"CUST-WP-0041","title":"API Performance Optimization","status":"todo",\
                "domain":"custodian","owner":"custodian","topic_slug":"custodian","created":"2026-05-15","updated":"2026-05-16",\
                "workstream_id":"36b97d4a-0144-479b-81fb-9b9072379143","repo_slug":"hub","path":"workplans/CUST-WP-0041.md",\
                "tasks":[{"id":"CUST-WP-0041-T1","status":"done","priority":"high","title":"T1 — Add missing DB indexes"},\
                {"id":"CUST-WP-0041-T2","status":"done","priority":"high",\
                "title":"T2 — Add TTL cache to `/workstreams/workplan-index`"}]}},"errors":[]}""");
    }

    @Test
    void withoutDocumentsTheAnswerHasTheSameShape() {
        assertThat(get()).isEqualTo("{\"workstreams\":{},\"errors\":[]}");
    }

    @Test
    void mistakesAreListedAndTheRestIsAnswered() {
        write(root.resolve("hub/a.md"), "---\ntype: workplan\nid: {\n---\n");
        write(root.resolve("hub/b.md"), workplan("TWICE"));
        write(root.resolve("hub/c.md"), workplan("TWICE"));
        write(root.resolve("hub/d.md"), "---\ntype: workplan\nid: SPARSE\ntitle: Say \"hi\"\\\n---\n");

        assertThat(get())
                .startsWith("{\"workstreams\":{\"TWICE\":{\"id\":\"TWICE\",")
                .contains("\"path\":\"b.md\"")
                .contains("\"SPARSE\":{\"id\":\"SPARSE\",\"title\":\"Say \\\"hi\\\"\\\\\",\"status\":null,")
                .contains("\"repo_slug\":\"hub\",\"path\":\"d.md\",\"tasks\":[]}}")
                .contains("\"errors\":[{\"repo_slug\":\"hub\",\"path\":\"a.md\",\"message\":\"line 3: ")
                .endsWith("{\"repo_slug\":\"hub\",\"path\":\"c.md\","
                        + "\"message\":\"'TWICE' is already the id of hub/b.md\"}]}");
    }

    @Test
    void theAnswerIsWhatTheFilesAreNow() {
        write(root.resolve("hub/a.md"), workplan("A"));
        assertThat(get()).contains("\"A\"");
        write(root.resolve("hub/b.md"), workplan("B"));
        assertThat(get()).contains("\"B\"");
    }

    @Test
    void repositoriesAndFoldersMayHaveAnyName() {
        String name = "$$ it''s \\ \"quoted\" {0} %s ü\n";
        repository(name, root.resolve(name.replace("''", "'")).toString().replace("'", "''"), "active");
        write(root.resolve(name.replace("''", "'")).resolve("a $$ \"b\".md"), workplan("ODD"));

        assertThat(get())
                .contains("\"ODD\":{")
                .contains("\"repo_slug\":\"$$ it's \\\\ \\\"quoted\\\" {0} %s ü\\n\"")
                .contains("\"path\":\"a $$ \\\"b\\\".md\"")
                .endsWith("\"errors\":[]}");
    }

    @Test
    void aDatabaseThatFailsFailsTheRequestAndTheNextOneTriesAgain() throws IOException {
        write(root.resolve("hub/a.md"), workplan("A"));
        statehub.execute("alter table managed_repos rename to away");
        assertThatThrownBy(this::get).isInstanceOf(DatabaseFailure.class);

        statehub.execute("alter table away rename to managed_repos");

        assertThat(get()).contains("\"A\"");
        Files.delete(root.resolve("hub/a.md"));
        assertThat(get()).doesNotContain("\"A\"");
    }

    private String get() {
        return new String(answers.answer(endpoint), StandardCharsets.UTF_8);
    }

    private void repository(String slug, String path, String status) {
        statehub.execute("insert into managed_repos (id, domain_id, slug, status, local_path, created_at, updated_at)"
                + " values (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', '" + slug + "', '" + status
                + "', "
                + (path == null ? "null" : "'" + path + "'") + ", now(), now())");
    }
}
