insert into {tasks} (id, description, assigned_to, status, priority, context, result, created_at, started_at, completed_at)
select pg_temp.key('task', n), 'Task ' || n, pg_temp.key('agent', pg_temp.hot(n, 'task agent', :agents)),
       case when s.u < 0.9 then 'completed' when s.u < 0.95 then 'pending' when s.u < 0.99 then 'in_progress' else 'failed' end,
       (array ['low', 'medium', 'medium', 'high'])[pg_temp.pick(n, 'task priority', 4)],
       jsonb_build_object('number', n), case when s.u < 0.9 then '{"ok": true}'::jsonb end,
       pg_temp.moment(n, :tasks, 'task'),
       case when s.u < 0.9 or s.u >= 0.95 then pg_temp.later(n, :tasks, 'task', 1) end,
       case when s.u < 0.9 then pg_temp.later(n, :tasks, 'task', 1) end
from generate_series(1, :tasks) n
cross join lateral (select pg_temp.uniform(n, 'task status') as u) s
