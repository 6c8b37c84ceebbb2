-- A tenth of the channels holds nine messages in ten.
insert into {messages} (id, channel_id, author_id, author_type, author_name, content, thread_id, metadata, created_at)
select pg_temp.key('message', n), pg_temp.key('channel', pg_temp.hot(n, 'message channel', :channels)),
       case when a.agent is not null then pg_temp.key('agent', a.agent) end,
       case when a.agent is null then 'user' else 'agent' end,
       case when a.agent is null then 'person-' || pg_temp.pick(n, 'message person', 50) else '@agent-' || a.agent end,
       'Message ' || n || repeat(' and so on', pg_temp.pick(n, 'message length', 20)::int), null, '{}',
       pg_temp.moment(n, :messages, 'message')
from generate_series(1, :messages) n
cross join lateral (select case when pg_temp.uniform(n, 'message by agent') < 0.6
                                then pg_temp.pick(n, 'message agent', :agents) end as agent) a
