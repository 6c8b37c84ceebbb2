-- Only what the chat shows leaves: config also holds system prompts and ids, and JSON can hold anything. A value of another
-- type than the one that is meant counts as missing.
select a.id, a.name, a.agent_type, to_json(p) as persona, to_json(c) as config, a.is_active, a.created_at, a.updated_at
from {agents} a
cross join lateral (
    select jsonb_path_query_first(a.persona, 'strict $.role ? (@.type() == "string")', '{}', true) as role,
           jsonb_path_query_first(a.persona, 'strict $.goal ? (@.type() == "string")', '{}', true) as goal,
           jsonb_path_query_first(a.persona, 'strict $.backstory ? (@.type() == "string")', '{}', true) as backstory,
           coalesce(jsonb_path_query_array(a.persona, 'strict $.capabilities[*] ? (@.type() == "string")', '{}', true),
                    '[]') as capabilities) p
cross join lateral (
    select coalesce(jsonb_path_query_first(a.config, 'strict $.model ? (@.type() == "string")', '{}', true),
                    '"claude-3-5-sonnet-20241022"') as model,
           coalesce(jsonb_path_query_first(a.config, 'strict $.temperature ? (@.type() == "number")', '{}', true),
                    '0.7') as temperature,
           coalesce(jsonb_path_query_first(a.config, 'strict $.max_tokens ? (@.type() == "number")', '{}', true),
                    '4000') as max_tokens) c
where a.is_active or not :active_only
order by {{order}}
