insert into {books} (id, author_id, title, genre, pages, price, details, published)
select n, pg_temp.hot(n, 'author', :authors), 'Book ' || n,
       (array ['novel', 'novel', 'essay', 'poetry'])[pg_temp.pick(n, 'genre', 4)],
       50 + pg_temp.pick(n, 'pages', 800),
       pg_temp.pick(n, 'price', 9900) / 100.0,
       jsonb_build_object('languages', case when pg_temp.uniform(n, 'language') < 0.5 then array ['en'] else array ['en', 'fr'] end),
       pg_temp.moment(n, :books, 'published')::date
from generate_series(1, :books) n
