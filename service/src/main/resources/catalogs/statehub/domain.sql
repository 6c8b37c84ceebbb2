select d.id, d.slug, d.title, d.description, d.status, d.created_at, d.updated_at,
       (select coalesce(json_agg(json_build_object('id', t.id, 'slug', t.slug, 'title', t.title, 'status', t.status)
                                 order by t.slug), '[]')
        from {topics} t
        where t.domain_id = d.id) as topics,
       (select coalesce(json_agg(json_build_object('id', r.id, 'slug', r.slug, 'title', r.title, 'status', r.status)
                                 order by r.slug), '[]')
        from {managed_repos} r
        where r.domain_id = d.id) as repos
from {domains} d
where d.id = :id
