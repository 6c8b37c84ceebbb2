create table versions (id int primary key, version bigint not null);
insert into versions values (1, 0);
