insert into {decisions} (id, topic_id, title, rationale, status, decided_at, created_at)
select pg_temp.key('decision', n), pg_temp.key('topic', pg_temp.hot(n, 'decision topic', :topics)),
       'Decision ' || n, 'Why decision ' || n || ' was taken',
       case when s.u < 0.8 then 'accepted' when s.u < 0.9 then 'open' else 'superseded' end,
       case when s.u not between 0.8 and 0.9
            then pg_temp.later(n, :decisions, 'decision', 10) end,
       pg_temp.moment(n, :decisions, 'decision')
from generate_series(1, :decisions) n
cross join lateral (select pg_temp.uniform(n, 'decision status') as u) s
