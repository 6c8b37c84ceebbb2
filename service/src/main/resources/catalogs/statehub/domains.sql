select id, slug, title, status, created_at, updated_at
from {domains}
order by {{order}}
