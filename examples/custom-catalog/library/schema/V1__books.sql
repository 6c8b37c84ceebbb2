create table authors (
    id   int primary key,
    name text not null
);

create table books (
    id        int primary key,
    author_id int  not null references authors,
    title     text not null,
    genre     text not null,
    pages     int  not null check (pages > 0),
    price     numeric(8, 2) not null,
    details   jsonb not null default '{}',
    published date not null
);
