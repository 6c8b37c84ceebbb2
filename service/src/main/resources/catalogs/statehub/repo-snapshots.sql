select s.id, s.repo_id, r.slug as repo_slug, s.snapshot_at, s.component_count, s.tool
from {sbom_snapshots} s
join {managed_repos} r on r.id = s.repo_id
where s.repo_id = :repo_id
order by s.snapshot_at desc, s.id
limit 100
