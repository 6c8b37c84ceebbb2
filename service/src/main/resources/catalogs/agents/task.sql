select id, description, assigned_to, status, priority, context, result, created_at, started_at, completed_at
from {tasks}
where id = :id
