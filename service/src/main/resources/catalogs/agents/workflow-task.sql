select id, workflow_id, description, agent_id, order_index, depends_on, status, output, error, created_at, started_at,
       completed_at
from {workflow_tasks}
where workflow_id = :id and id = :task_id
