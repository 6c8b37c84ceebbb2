insert into {repo_goals} (id, repo_id, title, status, created_at)
select pg_temp.key('goal', n), pg_temp.key('repo', pg_temp.hot(n, 'goal repo', :managed_repos)),
       'Goal ' || n,
       (array ['open', 'open', 'reached', 'dropped'])[pg_temp.pick(n, 'goal status', 4)],
       pg_temp.moment(n, :repo_goals, 'goal')
from generate_series(1, :repo_goals) n
