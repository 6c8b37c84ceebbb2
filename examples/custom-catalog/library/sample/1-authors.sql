insert into {authors} (id, name)
select n, 'Author ' || n
from generate_series(1, :authors) n
