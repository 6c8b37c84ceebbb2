select s.id, s.title, s.description, s.tags, i.library_count
from {specs} s
join (select spec_id, count(*) as library_count from {impls} group by spec_id) i on i.spec_id = s.id
order by {{order}}
