select id as agent_id, name as agent_name, case when is_active then 'online' else 'offline' end as status, agent_type
from {agents}
where id = :id
