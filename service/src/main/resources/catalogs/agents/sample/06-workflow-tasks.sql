insert into {workflow_tasks} (id, workflow_id, description, agent_id, order_index, depends_on, status, output, error,
                              created_at, started_at, completed_at)
select pg_temp.key('workflow task', n), pg_temp.key('workflow', 1 + (n - 1) % :workflows), 'Step ' || n,
       pg_temp.key('agent', pg_temp.hot(n, 'workflow task agent', :agents)), ((n - 1) / :workflows)::int,
       '[]', case when s.u < 0.9 then 'completed' when s.u < 0.97 then 'pending' else 'failed' end,
       case when s.u < 0.9 then '{"ok": true}'::jsonb end, case when s.u >= 0.97 then 'it did not work' end,
       pg_temp.moment(n, :workflow_tasks, 'workflow task'),
       case when s.u < 0.9 or s.u >= 0.97 then pg_temp.later(n, :workflow_tasks, 'workflow task', 1) end,
       case when s.u < 0.9 then pg_temp.later(n, :workflow_tasks, 'workflow task', 1) end
from generate_series(1, :workflow_tasks) n
cross join lateral (select pg_temp.uniform(n, 'workflow task status') as u) s
