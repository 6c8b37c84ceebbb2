-- Counts a change of every table that is known here: something passed unheard. KEYS: generations, notice.
-- ARGV: a generation that all of them must exceed. Answers tables and generations in turn, as they are then.
-- What has another type in our place is somebody else's mistake: it goes, and is no reason to fail for ever.
if redis.pcall('HMGET', KEYS[1], '').err then redis.call('DEL', KEYS[1]) end
if redis.call('SET', KEYS[2], '1', 'NX', 'PX', 60000) then
  local time = redis.call('TIME')
  local least = math.max(time[1] * 1000000 + time[2], tonumber(ARGV[1]) + 1)
  for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
    local old = tonumber(redis.call('HGET', KEYS[1], name) or '') or 0
    if old >= 9e15 then old = 0 end -- beyond all times, where numbers are no longer exact
    redis.call('HSET', KEYS[1], name, string.format('%.0f', math.max(least, old + 1)))
  end
end
local all = {}
for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
  all[#all + 1] = name
  all[#all + 1] = redis.call('HGET', KEYS[1], name)
end
return all
