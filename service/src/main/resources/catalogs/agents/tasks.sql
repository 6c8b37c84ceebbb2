select id, description, assigned_to, status, priority, created_at, started_at, completed_at
from {tasks}
where {{filters}}
order by {{order}}
limit :limit offset :offset
