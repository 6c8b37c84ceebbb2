-- The columns are named one by one: a table that grows a column must not change the answer.
select t.id, t.domain_id, t.slug, t.title, t.description, t.status, t.created_at, t.updated_at,
       d.slug as domain_slug,
       (select coalesce(json_agg(w order by w.created_at desc, w.id), '[]')
        from (select id, topic_id, slug, title, description, status, owner, due_date, created_at, updated_at
              from {workstreams}
              where topic_id = t.id) w) as workstreams,
       (select coalesce(json_agg(c order by c.created_at desc, c.id), '[]')
        from (select id, topic_id, title, rationale, status, decided_at, created_at
              from {decisions}
              where topic_id = t.id) c) as decisions,
       (select coalesce(json_agg(e order by e.created_at desc, e.id), '[]')
        from (select id, topic_id, workstream_id, kind, summary, created_at
              from {progress_events}
              where topic_id = t.id
              order by created_at desc, id
              limit 100) e) as progress_events
from {topics} t
join {domains} d on d.id = t.domain_id
where t.id = :id
