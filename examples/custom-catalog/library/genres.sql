select coalesce(json_object_agg(genre, n order by genre), '{}')
from (select genre, count(*) as n from {books} group by genre) counted
