select w.id, w.topic_id, w.slug, w.title, w.description, w.status, w.owner, w.due_date, w.created_at, w.updated_at,
       (select coalesce(json_agg(t order by t.created_at, t.id), '[]')
        from (select id, workstream_id, title, status, priority, needs_human, assignee, created_at, updated_at
              from {tasks}
              where workstream_id = w.id) t) as tasks
from {workstreams} w
where w.id = :id
