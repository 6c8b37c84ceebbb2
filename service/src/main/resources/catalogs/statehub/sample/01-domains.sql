insert into {domains} (id, slug, title, description, status, created_at, updated_at)
select pg_temp.key('domain', n), 'domain-' || n, 'Domain ' || n,
       'Everything that belongs to domain ' || n,
       case when pg_temp.uniform(n, 'domain status') < 0.9 then 'active' else 'archived' end,
       pg_temp.moment(n, :domains, 'domain'),
       pg_temp.later(n, :domains, 'domain', 30)
from generate_series(1, :domains) n
