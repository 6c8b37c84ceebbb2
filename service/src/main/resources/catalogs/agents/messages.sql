-- A document, so that a channel that does not exist is 404, and one where nothing was said yet is an empty list.
select (select coalesce(json_agg(newest order by newest.created_at, newest.id), '[]')
        from (select m.id, m.channel_id, m.author_id, m.author_type, m.author_name, m.content, m.thread_id, m.metadata,
                     m.created_at
              from {messages} m
              where m.channel_id = c.id and (c.context_cleared_at is null or m.created_at > c.context_cleared_at) and {{filters}}
              order by m.created_at desc, m.id desc
              limit :limit offset :offset) newest)
from {channels} c
where c.id = :id
