select id, workstream_id, title, description, status, priority, needs_human, assignee, created_at, updated_at
from {tasks}
where id = :id
