-- The first one orchestrates.
insert into {agents} (id, name, agent_type, persona, config, is_active, is_busy, created_at, updated_at)
select pg_temp.key('agent', n), case when n = 1 then '@orchestrator' else '@agent-' || n end,
       case when n = 1 then 'orchestrator'
            else (array ['backend', 'frontend', 'qa', 'devops', 'docs'])[pg_temp.pick(n, 'agent type', 5)] end,
       jsonb_build_object('role', 'Agent ' || n, 'goal', 'Get its tasks done',
                          'backstory', (array ['brief', 'friendly', 'exact'])[pg_temp.pick(n, 'tone', 3)] || ' in all it says',
                          'capabilities', jsonb_build_array('read', 'write')),
       jsonb_build_object('temperature', 0.2, 'max_tokens', 4096, 'system_prompt', 'You are agent ' || n || '.'),
       n = 1 or pg_temp.uniform(n, 'agent active') < 0.9,
       pg_temp.uniform(n, 'agent busy') < 0.1,
       pg_temp.moment(n, :agents, 'agent'), pg_temp.later(n, :agents, 'agent', 30)
from generate_series(1, :agents) n
