package dev.headroom.service.catalog.statehub;

/** A few rows of every table, with the corners in them: nulls, quotes, equal times. */
final class Rows {
    static final String SQL = """
            insert into domains (id, slug, title, description, status, created_at, updated_at) values
                ('d0000000-0000-0000-0000-000000000002', 'beta', 'Beta', null, 'archived', '2026-01-01Z', '2026-01-01Z'),
                ('d0000000-0000-0000-0000-000000000001', 'alpha', 'Alpha', 'The "first"', 'active',
                 '2026-01-02T03:04:05Z', '2026-01-02T03:04:05.678901Z');
            insert into topics (id, domain_id, slug, title, status, created_at, updated_at) values
                ('a0000000-0000-0000-0000-000000000002', 'd0000000-0000-0000-0000-000000000001', 'two', 'Two', 'paused',
                 '2026-02-03Z', '2026-02-03Z'),
                ('a0000000-0000-0000-0000-000000000001', 'd0000000-0000-0000-0000-000000000001', 'one', 'One', 'active',
                 '2026-02-01Z', '2026-02-02Z');
            insert into workstreams (id, topic_id, slug, title, description, status, owner, due_date, created_at, updated_at)
            values
                ('b0000000-0000-0000-0000-000000000001', 'a0000000-0000-0000-0000-000000000001', 'first', 'First', 'Plan',
                 'active', 'ann', '2026-12-24', '2026-03-01Z', '2026-03-01Z'),
                ('b0000000-0000-0000-0000-000000000002', 'a0000000-0000-0000-0000-000000000001', 'second', 'Second', null,
                 'done', null, null, '2026-03-02Z', '2026-03-02Z'),
                ('b0000000-0000-0000-0000-000000000003', 'a0000000-0000-0000-0000-000000000002', 'third', 'Third', null,
                 'active', null, null, '2026-03-03Z', '2026-03-03Z');
            insert into tasks (id, workstream_id, title, description, status, priority, needs_human, assignee, created_at,
                               updated_at) values
                ('70000000-0000-0000-0000-000000000002', 'b0000000-0000-0000-0000-000000000001', 'New', null, 'todo',
                 'high', true, 'bob', '2026-06-02Z', '2026-06-02Z'),
                ('70000000-0000-0000-0000-000000000001', 'b0000000-0000-0000-0000-000000000001', 'Old', 'Text', 'done',
                 'low', false, null, '2026-06-01Z', '2026-06-01Z');
            insert into decisions (id, topic_id, title, rationale, status, decided_at, created_at) values
                ('c0000000-0000-0000-0000-000000000001', 'a0000000-0000-0000-0000-000000000001', 'Earlier', 'Because',
                 'accepted', '2026-04-01T12:00:00Z', '2026-04-01Z'),
                ('c0000000-0000-0000-0000-000000000002', 'a0000000-0000-0000-0000-000000000001', 'Later', null, 'open',
                 null, '2026-04-02Z');
            insert into progress_events (topic_id, kind, summary, created_at)
            select 'a0000000-0000-0000-0000-000000000001', 'note', 'Event ' || n,
                   timestamptz '2026-08-01Z' + n * interval '1 minute'
            from generate_series(1, 120) n;
            insert into managed_repos (id, domain_id, slug, title, status, local_path, created_at, updated_at) values
                ('e0000000-0000-0000-0000-000000000002', 'd0000000-0000-0000-0000-000000000001', 'repo-b', 'Repo B',
                 'archived', null, '2026-05-01Z', '2026-05-01Z'),
                ('e0000000-0000-0000-0000-000000000001', 'd0000000-0000-0000-0000-000000000001', 'repo-a', null, 'active',
                 '/srv/a', '2026-05-01Z', '2026-05-01Z');
            insert into repo_goals (id, repo_id, title, status, created_at) values
                ('90000000-0000-0000-0000-000000000001', 'e0000000-0000-0000-0000-000000000001', 'Goal', 'open', '2026-05-02Z');
            insert into sbom_snapshots (id, repo_id, snapshot_at, component_count, tool) values
                ('80000000-0000-0000-0000-000000000001', 'e0000000-0000-0000-0000-000000000001', '2026-07-01Z', 10, 'syft'),
                ('80000000-0000-0000-0000-000000000004', 'e0000000-0000-0000-0000-000000000001', '2026-07-02Z', 21, 'syft'),
                ('80000000-0000-0000-0000-000000000002', 'e0000000-0000-0000-0000-000000000001', '2026-07-02Z', 20, 'syft'),
                ('80000000-0000-0000-0000-000000000003', 'e0000000-0000-0000-0000-000000000002', '2026-07-01Z', 5, 'trivy');
            """;

    private Rows() {}
}
