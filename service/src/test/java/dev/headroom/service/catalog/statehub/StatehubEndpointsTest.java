package dev.headroom.service.catalog.statehub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headroom.service.catalog.BadParameter;
import dev.headroom.service.catalog.StatehubDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every endpoint of the contract: keys, order of keys, order of rows, forms of values. */
class StatehubEndpointsTest {
    private static final String D1 = id('d', 1);
    private static final String D2 = id('d', 2);
    private static final String T1 = id('a', 1);
    private static final String T2 = id('a', 2);
    private static final String W1 = id('b', 1);
    private static final String R1 = id('e', 1);
    private static final String NOBODY = id('f', 9);

    private static StatehubDatabase statehub;

    @BeforeAll
    static void rows() {
        statehub = new StatehubDatabase();
        statehub.execute(Rows.SQL);
    }

    @AfterAll
    static void close() {
        statehub.close();
    }

    private static String id(char kind, int n) {
        return "%s0000000-0000-0000-0000-%012d".formatted(kind, n);
    }

    @Test
    void domains() {
        assertThat(get("/domains/")).isEqualTo("""
                [{"id":"%s","slug":"alpha","title":"Alpha","status":"active",\
                "created_at":"2026-01-02T03:04:05+00:00","updated_at":"2026-01-02T03:04:05.678901+00:00"},\
                {"id":"%s","slug":"beta","title":"Beta","status":"archived",\
                "created_at":"2026-01-01T00:00:00+00:00","updated_at":"2026-01-01T00:00:00+00:00"}]""".formatted(D1, D2));
    }

    @Test
    void aDomainWithTopicsAndRepos() {
        assertThat(get("/domains/" + D1)).isEqualTo("""
                {"id":"%s","slug":"alpha","title":"Alpha","description":"The \\"first\\"","status":"active",\
                "created_at":"2026-01-02T03:04:05+00:00","updated_at":"2026-01-02T03:04:05.678901+00:00",\
                "topics":[{"id":"%s","slug":"one","title":"One","status":"active"},\
                {"id":"%s","slug":"two","title":"Two","status":"paused"}],\
                "repos":[{"id":"%s","slug":"repo-a","title":null,"status":"active"},\
                {"id":"%s","slug":"repo-b","title":"Repo B","status":"archived"}]}""".formatted(D1, T1, T2, R1, id('e', 2)));
        assertThat(get("/domains/" + D2)).endsWith("\"topics\":[],\"repos\":[]}");
        assertThat(get("/domains/" + NOBODY)).isNull();
    }

    @Test
    void topics() {
        assertThat(get("/topics/")).isEqualTo("""
                [{"id":"%s","slug":"one","title":"One","domain_slug":"alpha","status":"active",\
                "created_at":"2026-02-01T00:00:00+00:00","updated_at":"2026-02-02T00:00:00+00:00"},\
                {"id":"%s","slug":"two","title":"Two","domain_slug":"alpha","status":"paused",\
                "created_at":"2026-02-03T00:00:00+00:00","updated_at":"2026-02-03T00:00:00+00:00"}]""".formatted(T1, T2));
    }

    @Test
    void aTopicWithAllThatBelongsToItNewestFirst() {
        String topic = get("/topics/" + T1);
        assertThat(topic).startsWith("""
                {"id":"%s","domain_id":"%s","slug":"one","title":"One","description":null,"status":"active",\
                "created_at":"2026-02-01T00:00:00+00:00","updated_at":"2026-02-02T00:00:00+00:00","domain_slug":"alpha",\
                "workstreams":[{"id":"%s","topic_id":"%s","slug":"second","title":"Second","description":null,\
                "status":"done","owner":null,"due_date":null,"created_at":"2026-03-02T00:00:00+00:00",\
                "updated_at":"2026-03-02T00:00:00+00:00"},{"id":"%s","topic_id":"%s","slug":"first","title":"First",\
                "description":"Plan","status":"active","owner":"ann","due_date":"2026-12-24",\
                "created_at":"2026-03-01T00:00:00+00:00","updated_at":"2026-03-01T00:00:00+00:00"}],\
                "decisions":[{"id":"%s","topic_id":"%s","title":"Later","rationale":null,"status":"open","decided_at":null,\
                "created_at":"2026-04-02T00:00:00+00:00"},{"id":"%s","topic_id":"%s","title":"Earlier",\
                "rationale":"Because","status":"accepted","decided_at":"2026-04-01T12:00:00+00:00",\
                "created_at":"2026-04-01T00:00:00+00:00"}],"progress_events":[{"id":\
                """.formatted(T1, D1, id('b', 2), T1, W1, T1, id('c', 2), T1, id('c', 1), T1)
                .strip());
        assertThat(topic.split("\"kind\"", -1))
                .as("the newest 100 of 120 events")
                .hasSize(101);
        assertThat(topic).contains("Event 120").contains("Event 21\"").doesNotContain("Event 20\"");
        assertThat(topic.indexOf("Event 120")).isLessThan(topic.indexOf("Event 119"));
    }

    @Test
    void repos() {
        assertThat(get("/repos/")).isEqualTo("""
                [{"id":"%s","slug":"repo-a","title":null,"domain_slug":"alpha","status":"active","local_path":"/srv/a"},\
                {"id":"%s","slug":"repo-b","title":"Repo B","domain_slug":"alpha","status":"archived","local_path":null}]""".formatted(R1, id('e', 2)));
    }

    @Test
    void aRepoWithItsDomainAndGoals() {
        assertThat(get("/repos/" + R1)).isEqualTo("""
                {"id":"%s","domain_id":"%s","slug":"repo-a","title":null,"status":"active","local_path":"/srv/a",\
                "created_at":"2026-05-01T00:00:00+00:00","updated_at":"2026-05-01T00:00:00+00:00",\
                "domain":{"id":"%s","slug":"alpha","title":"Alpha"},\
                "goals":[{"id":"%s","title":"Goal","status":"open","created_at":"2026-05-02T00:00:00+00:00"}]}""".formatted(R1, D1, D1, id('9', 1)));
    }

    @Test
    void workstreamsNewestFirstAndFiltered() {
        assertThat(get("/workstreams/", "status=active", "topic_id=" + T1)).isEqualTo("""
                [{"id":"%s","topic_id":"%s","slug":"first","title":"First","status":"active","owner":"ann",\
                "due_date":"2026-12-24","created_at":"2026-03-01T00:00:00+00:00",\
                "updated_at":"2026-03-01T00:00:00+00:00"}]""".formatted(W1, T1));
        assertThat(slugs(get("/workstreams/"))).containsExactly("third", "second", "first");
        assertThat(slugs(get("/workstreams/", "limit=1", "offset=1"))).containsExactly("second");
        assertThat(get("/workstreams/", "status=unheard of")).isEqualTo("[]");
    }

    @Test
    void aWorkstreamWithLeanTasksByCreation() {
        assertThat(get("/workstreams/" + W1)).isEqualTo("""
                {"id":"%s","topic_id":"%s","slug":"first","title":"First","description":"Plan","status":"active",\
                "owner":"ann","due_date":"2026-12-24","created_at":"2026-03-01T00:00:00+00:00",\
                "updated_at":"2026-03-01T00:00:00+00:00","tasks":[\
                {"id":"%s","workstream_id":"%s","title":"Old","status":"done","priority":"low","needs_human":false,\
                "assignee":null,"created_at":"2026-06-01T00:00:00+00:00","updated_at":"2026-06-01T00:00:00+00:00"},\
                {"id":"%s","workstream_id":"%s","title":"New","status":"todo","priority":"high","needs_human":true,\
                "assignee":"bob","created_at":"2026-06-02T00:00:00+00:00","updated_at":"2026-06-02T00:00:00+00:00"}]}""".formatted(W1, T1, id('7', 1), W1, id('7', 2), W1));
    }

    @Test
    void tasksNewestFirstAndFiltered() {
        assertThat(get("/tasks/", "status=todo", "needs_human=true", "priority=high", "workstream_id=" + W1))
                .isEqualTo("""
                [{"id":"%s","workstream_id":"%s","title":"New","status":"todo","priority":"high","needs_human":true,\
                "assignee":"bob","created_at":"2026-06-02T00:00:00+00:00","updated_at":"2026-06-02T00:00:00+00:00"}]""".formatted(id('7', 2), W1));
        assertThat(get("/tasks/", "needs_human=")).contains("\"Old\"").contains("\"New\"");
        assertThat(get("/tasks/", "limit=0")).isEqualTo("[]");
        assertThatThrownBy(() -> get("/tasks/", "limit=5001"))
                .isInstanceOf(BadParameter.class)
                .hasMessage("parameter 'limit' must be a whole number from 0 to 5000");
    }

    @Test
    void aTaskWhole() {
        assertThat(get("/tasks/" + id('7', 1))).isEqualTo("""
                {"id":"%s","workstream_id":"%s","title":"Old","description":"Text","status":"done","priority":"low",\
                "needs_human":false,"assignee":null,"created_at":"2026-06-01T00:00:00+00:00",\
                "updated_at":"2026-06-01T00:00:00+00:00"}""".formatted(id('7', 1), W1));
        assertThat(get("/tasks/" + NOBODY)).isNull();
        assertThatThrownBy(() -> get("/tasks/1"))
                .hasMessage("parameter 'id' must be a UUID, as in 123e4567-e89b-12d3-a456-426614174000");
    }

    @Test
    void theNewestSnapshotOfEveryRepositoryWithAndWithoutTheIndex() {
        String expected = """
                [{"id":"%s","repo_id":"%s","repo_slug":"repo-a","snapshot_at":"2026-07-02T00:00:00+00:00",\
                "component_count":20,"tool":"syft"},{"id":"%s","repo_id":"%s","repo_slug":"repo-b",\
                "snapshot_at":"2026-07-01T00:00:00+00:00","component_count":5,"tool":"trivy"}]""".formatted(id('8', 2), R1, id('8', 3), id('e', 2));
        assertThat(get("/sbom/snapshots/")).isEqualTo(expected);
        statehub.execute("create index probe on sbom_snapshots (repo_id, snapshot_at desc)");
        assertThat(get("/sbom/snapshots/")).isEqualTo(expected);
        statehub.execute("drop index probe");
    }

    @Test
    void theSnapshotsOfOneRepositoryNewestFirst() {
        assertThat(get("/sbom/snapshots/", "repo_id=" + R1))
                .isEqualTo("""
                [{"id":"%s","repo_id":"%s","repo_slug":"repo-a","snapshot_at":"2026-07-02T00:00:00+00:00",\
                "component_count":20,"tool":"syft"},{"id":"%s","repo_id":"%s","repo_slug":"repo-a",\
                "snapshot_at":"2026-07-02T00:00:00+00:00","component_count":21,"tool":"syft"},\
                {"id":"%s","repo_id":"%s","repo_slug":"repo-a","snapshot_at":"2026-07-01T00:00:00+00:00",\
                "component_count":10,"tool":"syft"}]""".formatted(id('8', 2), R1, id('8', 4), R1, id('8', 1), R1));
        assertThat(get("/sbom/snapshots/", "repo_id=" + NOBODY)).isEqualTo("[]");
    }

    @Test
    void theSummaryCountsOverAllTables() {
        String summary = get("/state/summary");
        assertThat(summary).matches("\\{\"generated_at\":\"\\d{4}-\\d\\d-\\d\\dT[0-9:.]+\\+00:00\",.*");
        assertThat(summary.substring(summary.indexOf(",\"domains\""))).isEqualTo("""
                ,"domains":{"total":2,"by_status":{"active":1,"archived":1}},\
                "topics":{"total":2,"by_status":{"active":1,"paused":1}},\
                "workstreams":{"total":3,"by_status":{"active":2,"done":1}},\
                "tasks":{"total":2,"by_status":{"done":1,"todo":1},"by_priority":{"high":1,"low":1},"needs_human":1},\
                "decisions":{"total":2,"by_status":{"accepted":1,"open":1}},\
                "repos":{"total":2,"by_status":{"active":1,"archived":1}},\
                "goals":{"total":1,"by_status":{"open":1}},\
                "sbom":{"snapshots":4,"repos_covered":2,"newest_snapshot_at":"2026-07-02T00:00:00+00:00","components":56},\
                "progress":{"events_7d":0,"newest_at":"2026-08-01T02:00:00+00:00"},\
                "active_workstreams":[\
                {"id":"%s","slug":"first","title":"First","topic_slug":"one","open_tasks":1,"needs_human":1},\
                {"id":"%s","slug":"third","title":"Third","topic_slug":"two","open_tasks":0,"needs_human":0}]}""".formatted(W1, id('b', 3)));
    }

    @Test
    void everythingAnswersOnEmptyTables() {
        try (var empty = new StatehubDatabase()) {
            for (String path :
                    new String[] {"/domains/", "/topics/", "/repos/", "/workstreams/", "/tasks/", "/sbom/snapshots/"}) {
                assertThat(empty.get(path)).as(path).isEqualTo("[]");
            }
            assertThat(compact(empty.get("/state/summary")))
                    .contains("\"tasks\":{\"total\":0,\"by_status\":{},\"by_priority\":{},\"needs_human\":0}")
                    .contains("\"newest_snapshot_at\":null")
                    .endsWith("\"active_workstreams\":[]}");
        }
    }

    @Test
    void theSummaryCountsWhatHasNoStatusAsWellAsOtherPeoplesTablesMayAllow() {
        try (var theirs = new StatehubDatabase()) {
            theirs.execute(Rows.SQL);
            theirs.execute("alter table tasks alter status drop not null, alter priority drop not null;"
                    + " alter table decisions alter status drop not null;"
                    + " update tasks set status = null, priority = null where title = 'New';"
                    + " update decisions set status = null");
            assertThat(compact(theirs.get("/state/summary")))
                    .contains(
                            "\"tasks\":{\"total\":2,\"by_status\":{\"done\":1,\"null\":1},\"by_priority\":{\"low\":1,\"null\":1}")
                    .contains("\"decisions\":{\"total\":2,\"by_status\":{\"null\":2}}")
                    .contains("\"slug\":\"first\",\"title\":\"First\",\"topic_slug\":\"one\",\"open_tasks\":1");
        }
    }

    private static String get(String path, String... query) {
        return compact(statehub.get(path, query));
    }

    /** Space between tokens is PostgreSQL's habit and nobody's contract. */
    private static String compact(String json) {
        return json == null
                ? null
                : json.replaceAll("\\s*([:,{}\\[\\]])\\s+(?=[\"{\\[\\d\\]}ntf-])", "$1")
                        .replaceAll(" +([:}\\]])", "$1")
                        .replaceAll("\\n\\s*", "");
    }

    private static String[] slugs(String json) {
        return java.util.regex.Pattern.compile("\"slug\":\"([^\"]+)\"")
                .matcher(json)
                .results()
                .map(match -> match.group(1))
                .toArray(String[]::new);
    }
}
