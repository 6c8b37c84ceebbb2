insert into {workflows} (id, description, orchestrator_id, channel_id, status, execution_strategy, created_at, started_at, completed_at)
select pg_temp.key('workflow', n), 'Workflow ' || n, pg_temp.key('agent', 1),
       pg_temp.key('channel', pg_temp.hot(n, 'workflow channel', :channels)),
       case when s.u < 0.88 then 'completed' when s.u < 0.94 then 'failed' when s.u < 0.98 then 'executing' else 'planning' end,
       case when pg_temp.uniform(n, 'strategy') < 0.6 then 'sequential' else 'parallel' end,
       pg_temp.moment(n, :workflows, 'workflow'),
       case when s.u < 0.98 then pg_temp.later(n, :workflows, 'workflow', 1) end,
       case when s.u < 0.94 then pg_temp.later(n, :workflows, 'workflow', 1) end
from generate_series(1, :workflows) n
cross join lateral (select pg_temp.uniform(n, 'workflow status') as u) s
