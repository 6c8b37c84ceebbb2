select b.id, b.title, b.genre, b.pages, b.price, b.published, b.details,
       json_build_object('id', a.id, 'name', a.name) as author
from {books} b
join {authors} a on a.id = b.author_id
where b.id = :id
