-- Seven in ten are completed: what is shown as active is a small part.
insert into {workstreams} (id, topic_id, slug, title, description, status, owner, due_date, created_at, updated_at)
select pg_temp.key('workstream', n), pg_temp.key('topic', pg_temp.hot(n, 'workstream topic', :topics)),
       'workstream-' || n, 'Workstream ' || n, 'The plan of workstream ' || n,
       case when s.u < 0.70 then 'completed' when s.u < 0.85 then 'active' when s.u < 0.95 then 'todo' else 'blocked' end,
       'person-' || pg_temp.hot(n, 'workstream owner', 50),
       case when pg_temp.uniform(n, 'workstream due') < 0.6
            then (pg_temp.moment(n, :workstreams, 'workstream') + pg_temp.uniform(n, 'due in') * interval '120 days')::date
       end,
       pg_temp.moment(n, :workstreams, 'workstream'),
       pg_temp.later(n, :workstreams, 'workstream', 30)
from generate_series(1, :workstreams) n
cross join lateral (select pg_temp.uniform(n, 'workstream status') as u) s
