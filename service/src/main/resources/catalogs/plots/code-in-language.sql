select i.spec_id, i.library_id as library, i.language_id as language, i.code
from {impls} i
where i.spec_id = :spec_id and i.library_id = :library and i.language_id = :language and i.code <> ''
