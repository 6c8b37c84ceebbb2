-- How many rows were ever written to each table, as the statistics count them: no table is read, and every writer is
-- seen. tableoid stands for the table wherever the settings put it; an empty table has none, which is a change as well.
-- A view has no tableoid at all: there the name means the null from outside, and only the snapshot's age tells.
select string_agg(
           coalesce(t.oid::text, '') || ':' || coalesce(pg_stat_get_tuples_inserted(t.oid), 0)
               || ':' || coalesce(pg_stat_get_tuples_updated(t.oid), 0)
               || ':' || coalesce(pg_stat_get_tuples_deleted(t.oid), 0), ' ' order by t.position)
from (values (null::oid)) as view (tableoid)
cross join lateral (values (1, (select tableoid from {impls} limit 1)),
                           (2, (select tableoid from {specs} limit 1)),
                           (3, (select tableoid from {libraries} limit 1))) as t (position, oid)
