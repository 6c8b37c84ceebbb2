select id, name, agent_type, persona, config, is_active, created_at, updated_at
from {agents}
where name = case when starts_with(:name::text, '@') then '' else '@' end || :name::text
