-- Works with and without impls.line_count: inside the subquery the name means the table's column where there is one, and
-- the null from outside where there is none. Only then is the code read, and its lines counted on the spot: each
-- once, since octet_length of a stored value is known without unpacking it, as length is not.
select (select count(*) from {specs} s where exists (select from {impls} i where i.spec_id = s.id)) as specs,
       (select count(*) from {impls}) as plots,
       (select count(*) from {libraries}) as libraries,
       (select count(distinct language_id) from {libraries}) as languages,
       (select coalesce(sum(lines), 0)
        from (values (null::int)) as without (line_count)
        cross join lateral (
            select coalesce(line_count, octet_length(i.code) - octet_length(replace(i.code, E'\n', '')) + 1) as lines
            from {impls} i) each) as lines_of_code
