select coalesce(json_object_agg(s.id, s.title order by s.id collate "C"), '{}')
from {specs} s
where s.title <> '' and exists (select from {impls} i where i.spec_id = s.id)
