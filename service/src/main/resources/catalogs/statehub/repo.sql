select r.id, r.domain_id, r.slug, r.title, r.status, r.local_path, r.created_at, r.updated_at,
       json_build_object('id', d.id, 'slug', d.slug, 'title', d.title) as domain,
       (select coalesce(json_agg(json_build_object('id', g.id, 'title', g.title, 'status', g.status,
                                                   'created_at', g.created_at)
                                 order by g.created_at, g.id), '[]')
        from {repo_goals} g
        where g.repo_id = r.id) as goals
from {managed_repos} r
join {domains} d on d.id = r.domain_id
where r.id = :id
