-- One probe of (repo_id, snapshot_at desc) per repository, instead of sorting all snapshots to keep one in sixty.
select s.id, s.repo_id, r.slug as repo_slug, s.snapshot_at, s.component_count, s.tool
from {managed_repos} r
cross join lateral (select id, repo_id, snapshot_at, component_count, tool
                    from {sbom_snapshots}
                    where repo_id = r.id
                    order by snapshot_at desc, id
                    limit 1) s
order by r.slug
