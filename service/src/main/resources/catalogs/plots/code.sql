-- Without its lint comments, and the space before them: what Python takes for space is listed, because \s follows the locale.
select i.spec_id, i.library_id as library, i.language_id as language,
       regexp_replace(
           i.code, '[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*# noqa:[^\n]*', '', 'g') as code
from {libraries} l
join {impls} i on i.library_id = l.id and i.language_id = l.language_id
where i.spec_id = :spec_id and l.id = :library and i.code <> ''
