select w.id, w.description, w.orchestrator_id, w.channel_id, w.status, w.execution_strategy, w.created_at, w.started_at,
       w.completed_at,
       (select coalesce(json_agg(t order by t.order_index, t.id), '[]')
        from (select id, workflow_id, description, agent_id, order_index, depends_on, status, output, error, created_at,
                     started_at, completed_at
              from {workflow_tasks}
              where workflow_id = w.id) t) as workflow_tasks
from {workflows} w
where w.id = :id
