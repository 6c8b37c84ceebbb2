insert into {channels} (id, name, topic, is_archived, context_cleared_at, channel_type, dm_agent_id, created_at, updated_at)
select pg_temp.key('channel', n), 'channel-' || n,
       case when pg_temp.uniform(n, 'channel topic') < 0.7 then 'All about ' || n end,
       pg_temp.uniform(n, 'channel archived') < 0.1, null,
       case when d.dm then 'dm' else 'public' end,
       case when d.dm then pg_temp.key('agent', pg_temp.pick(n, 'dm agent', :agents)) end,
       pg_temp.moment(n, :channels, 'channel'), pg_temp.later(n, :channels, 'channel', 30)
from generate_series(1, :channels) n
cross join lateral (select pg_temp.uniform(n, 'channel dm') < 0.2 as dm) d
