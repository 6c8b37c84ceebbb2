-- One repository in ten holds nine snapshots in ten.
insert into {sbom_snapshots} (id, repo_id, snapshot_at, component_count, tool, document)
select pg_temp.key('snapshot', n), pg_temp.key('repo', pg_temp.hot(n, 'snapshot repo', :managed_repos)),
       pg_temp.moment(n, :sbom_snapshots, 'snapshot'),
       s.components,
       (array ['syft', 'syft', 'cyclonedx', 'trivy'])[pg_temp.pick(n, 'snapshot tool', 4)],
       jsonb_build_object('bomFormat', 'CycloneDX', 'specVersion', '1.6', 'components', s.components)
from generate_series(1, :sbom_snapshots) n
cross join lateral (select pg_temp.pick(n, 'snapshot components', 900)::int as components) s
