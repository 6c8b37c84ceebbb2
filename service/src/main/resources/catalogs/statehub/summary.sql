-- One pass over each table; what is closed is named, so that a status nobody thought of counts as open. Our tables have
-- no null there, those of others may: as a key it is written as it is said.
with task_groups as (
    select coalesce(status::text, 'null') as status, coalesce(priority::text, 'null') as priority, needs_human, count(*) as n
    from {tasks}
    group by 1, 2, 3
), busiest as (
    select workstream_id, count(*) as open_tasks, count(*) filter (where needs_human) as needs_human
    from {tasks}
    where (status is null or status not in ('done', 'cancelled'))
      and workstream_id in (select id from {workstreams} where status = 'active')
    group by workstream_id
), active as (
    select w.id, w.slug, w.title, t.slug as topic_slug,
           coalesce(b.open_tasks, 0) as open_tasks, coalesce(b.needs_human, 0) as needs_human
    from {workstreams} w
    join {topics} t on t.id = w.topic_id
    left join busiest b on b.workstream_id = w.id
    where w.status = 'active'
    order by coalesce(b.open_tasks, 0) desc, w.slug, w.id
    limit 50
)
select json_build_object(
    'generated_at', now(),
    'domains', (select json_build_object('total', coalesce(sum(n), 0),
                                         'by_status', coalesce(json_object_agg(status, n order by status), '{}'))
                from (select coalesce(status::text, 'null') as status, count(*) as n from {domains} group by 1) s),
    'topics', (select json_build_object('total', coalesce(sum(n), 0),
                                        'by_status', coalesce(json_object_agg(status, n order by status), '{}'))
               from (select coalesce(status::text, 'null') as status, count(*) as n from {topics} group by 1) s),
    'workstreams', (select json_build_object('total', coalesce(sum(n), 0),
                                             'by_status', coalesce(json_object_agg(status, n order by status), '{}'))
                    from (select coalesce(status::text, 'null') as status, count(*) as n from {workstreams} group by 1) s),
    'tasks', (select json_build_object(
                  'total', (select coalesce(sum(n), 0) from task_groups),
                  'by_status', (select coalesce(json_object_agg(status, n order by status), '{}')
                                from (select status, sum(n) as n from task_groups group by status) s),
                  'by_priority', (select coalesce(json_object_agg(priority, n order by priority), '{}')
                                  from (select priority, sum(n) as n from task_groups group by priority) s),
                  'needs_human', (select coalesce(sum(n) filter (where needs_human), 0) from task_groups))),
    'decisions', (select json_build_object('total', coalesce(sum(n), 0),
                                           'by_status', coalesce(json_object_agg(status, n order by status), '{}'))
                  from (select coalesce(status::text, 'null') as status, count(*) as n from {decisions} group by 1) s),
    'repos', (select json_build_object('total', coalesce(sum(n), 0),
                                       'by_status', coalesce(json_object_agg(status, n order by status), '{}'))
              from (select coalesce(status::text, 'null') as status, count(*) as n from {managed_repos} group by 1) s),
    'goals', (select json_build_object('total', coalesce(sum(n), 0),
                                       'by_status', coalesce(json_object_agg(status, n order by status), '{}'))
              from (select coalesce(status::text, 'null') as status, count(*) as n from {repo_goals} group by 1) s),
    'sbom', (select json_build_object('snapshots', coalesce(sum(n), 0), 'repos_covered', count(*),
                                      'newest_snapshot_at', max(newest), 'components', coalesce(sum(components), 0))
             from (select repo_id, count(*) as n, max(snapshot_at) as newest, sum(component_count) as components
                   from {sbom_snapshots}
                   group by repo_id) s),
    'progress', (select json_build_object('events_7d', count(*) filter (where created_at >= now() - interval '7 days'),
                                          'newest_at', max(created_at))
                 from {progress_events}),
    'active_workstreams', (select coalesce(json_agg(a order by a.open_tasks desc, a.slug, a.id), '[]') from active a)
)
