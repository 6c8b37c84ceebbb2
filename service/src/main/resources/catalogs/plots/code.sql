select i.spec_id, i.library_id as library, i.language_id as language, i.code
from {libraries} l
join {impls} i on i.library_id = l.id and i.language_id = l.language_id
where i.spec_id = :spec_id and l.id = :library and i.code <> ''
