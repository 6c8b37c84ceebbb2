insert into {progress_events} (id, topic_id, workstream_id, kind, summary, created_at)
select pg_temp.key('event', n), pg_temp.key('topic', pg_temp.hot(n, 'event topic', :topics)),
       case when pg_temp.uniform(n, 'event has workstream') < 0.8
            then pg_temp.key('workstream', pg_temp.hot(n, 'event workstream', :workstreams)) end,
       (array ['note', 'note', 'task_done', 'task_done', 'task_done', 'decision', 'status'])[pg_temp.pick(n, 'event kind', 7)],
       'Event ' || n || ' happened',
       pg_temp.moment(n, :progress_events, 'event')
from generate_series(1, :progress_events) n
