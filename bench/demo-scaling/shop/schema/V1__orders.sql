create table orders (id int primary key, customer text not null, total numeric not null, placed timestamptz not null);
insert into orders
select i, 'customer ' || i % 100, i % 1000 / 10.0, timestamptz '2026-11-30' + i * interval '1 minute'
from generate_series(1, 1000) i;
