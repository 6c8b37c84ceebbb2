select b.id, b.title, a.name as author, b.genre, b.pages, b.price, b.published
from {books} b
join {authors} a on a.id = b.author_id
where {{filters}}
order by {{order}}
limit :limit offset :offset
