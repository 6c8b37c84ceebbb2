select id, name, topic, channel_type, dm_agent_id, is_archived, created_at, updated_at
from {channels}
where is_archived is not true
order by {{order}}
