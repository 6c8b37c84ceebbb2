insert into {managed_repos} (id, domain_id, slug, title, status, local_path, created_at, updated_at)
select pg_temp.key('repo', n), pg_temp.key('domain', pg_temp.hot(n, 'repo domain', :domains)),
       'repo-' || n,
       case when pg_temp.uniform(n, 'repo titled') < 0.9 then 'Repository ' || n end,
       case when pg_temp.uniform(n, 'repo status') < 0.8 then 'active' else 'archived' end,
       case when pg_temp.uniform(n, 'repo local') < 0.7 then pg_temp.folder() || '/repo-' || n end,
       pg_temp.moment(n, :managed_repos, 'repo'),
       pg_temp.later(n, :managed_repos, 'repo', 30)
from generate_series(1, :managed_repos) n
