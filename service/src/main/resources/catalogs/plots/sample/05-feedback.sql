insert into {feedback} (id, message, reaction, contact, path, spec_id, user_agent, viewport, session_id, ip_hash, status, created_at)
select pg_temp.key('feedback', n), 'What I think about it, number ' || n,
       (array ['thumbs_up', 'thumbs_up', 'thumbs_down', 'bug', 'idea', 'heart'])[pg_temp.pick(n, 'reaction', 6)],
       null, '/' || s.id, s.id, 'Mozilla/5.0', '1280x800', md5('session' || n), md5('address' || n % 97),
       case when pg_temp.uniform(n, 'feedback status') < 0.7 then 'new' else 'done' end,
       pg_temp.moment(n, :feedback, 'feedback') at time zone 'UTC'
from generate_series(1, :feedback) n
join (select row_number() over (order by id collate "C") as place, id from {specs}) s
     on s.place = pg_temp.hot(n, 'feedback spec', :specs)
