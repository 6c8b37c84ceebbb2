-- Where an index begins with repo_id, each repository's newest snapshot is one probe. Without one a probe would read
-- the whole table, so all of it is read once instead. The planner cannot choose between the two; the statement does,
-- and the half that is not meant never starts.
with probing as materialized (
    select exists (select
                   from pg_index i
                   join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                   where i.indrelid = (select tableoid from {sbom_snapshots} limit 1)
                     and i.indisvalid and i.indpred is null and a.attname = 'repo_id') as pays
)
(select s.id, s.repo_id, r.slug as repo_slug, s.snapshot_at, s.component_count, s.tool
 from {managed_repos} r
 cross join lateral (select id, repo_id, snapshot_at, component_count, tool
                     from {sbom_snapshots}
                     where repo_id = r.id
                     order by snapshot_at desc, id
                     limit 1) s
 where (select pays from probing))
union all
(select distinct on (r.slug) s.id, s.repo_id, r.slug, s.snapshot_at, s.component_count, s.tool
 from (select repo_id, max(snapshot_at) as snapshot_at from {sbom_snapshots} group by repo_id) newest
 join {sbom_snapshots} s using (repo_id, snapshot_at)
 join {managed_repos} r on r.id = s.repo_id
 where not (select pays from probing)
 order by r.slug, s.id)
order by repo_slug
