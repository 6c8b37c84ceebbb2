insert into {books} (id, author_id, title, genre, pages, published)
select n, pg_temp.hot(n, 'author', :authors), 'Book ' || n,
       (array ['novel', 'novel', 'essay', 'poetry'])[pg_temp.pick(n, 'genre', 4)],
       50 + pg_temp.pick(n, 'pages', 800),
       pg_temp.moment(n, :books, 'published')::date
from generate_series(1, :books) n
