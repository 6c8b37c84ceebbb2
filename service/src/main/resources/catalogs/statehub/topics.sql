select t.id, t.slug, t.title, d.slug as domain_slug, t.status, t.created_at, t.updated_at
from {topics} t
join {domains} d on d.id = t.domain_id
order by {{order}}
