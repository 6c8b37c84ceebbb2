select id, workstream_id, title, status, priority, needs_human, assignee, created_at, updated_at
from {tasks}
where {{filters}}
order by {{order}}
limit :limit offset :offset
