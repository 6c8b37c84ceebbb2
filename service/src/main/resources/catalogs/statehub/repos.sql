select r.id, r.slug, r.title, d.slug as domain_slug, r.status, r.local_path
from {managed_repos} r
join {domains} d on d.id = r.domain_id
order by {{order}}
