-- Nine in ten tasks are closed; the few open statuses are what everybody asks for.
insert into {tasks} (id, workstream_id, title, description, status, priority, needs_human, assignee, created_at, updated_at)
select pg_temp.key('task', n), pg_temp.key('workstream', pg_temp.hot(n, 'task workstream', :workstreams)),
       'Task ' || n, 'What is to be done in task ' || n,
       case when s.u < 0.86 then 'done' when s.u < 0.92 then 'cancelled' when s.u < 0.96 then 'todo'
            when s.u < 0.99 then 'in_progress' else 'blocked' end,
       (array ['low', 'medium', 'medium', 'medium', 'high', 'critical'])[pg_temp.pick(n, 'task priority', 6)],
       pg_temp.uniform(n, 'task human') < 0.02,
       case when pg_temp.uniform(n, 'task assigned') < 0.8 then 'person-' || pg_temp.hot(n, 'task assignee', 50) end,
       pg_temp.moment(n, :tasks, 'task'),
       pg_temp.later(n, :tasks, 'task', 10)
from generate_series(1, :tasks) n
cross join lateral (select pg_temp.uniform(n, 'task status') as u) s
