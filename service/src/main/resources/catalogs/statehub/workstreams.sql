select id, topic_id, slug, title, status, owner, due_date, created_at, updated_at
from {workstreams}
where {{filters}}
order by {{order}}
limit :limit offset :offset
