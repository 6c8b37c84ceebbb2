select id, description, orchestrator_id, channel_id, status, execution_strategy, created_at, started_at, completed_at
from {workflows}
where {{filters}}
order by {{order}}
limit :limit offset :offset
