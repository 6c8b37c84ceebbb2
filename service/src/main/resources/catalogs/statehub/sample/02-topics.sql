insert into {topics} (id, domain_id, slug, title, description, status, created_at, updated_at)
select pg_temp.key('topic', n), pg_temp.key('domain', pg_temp.hot(n, 'topic domain', :domains)),
       'topic-' || n, 'Topic ' || n, 'What is known about topic ' || n,
       (array ['active', 'active', 'active', 'paused', 'archived'])[pg_temp.pick(n, 'topic status', 5)],
       pg_temp.moment(n, :topics, 'topic'),
       pg_temp.later(n, :topics, 'topic', 30)
from generate_series(1, :topics) n
