-- Counts a change of every table that is known here: something passed unheard. KEYS: generations, notice.
if redis.call('SET', KEYS[2], '1', 'NX', 'PX', 60000) then
  local time = redis.call('TIME')
  local now_us = time[1] * 1000000 + time[2]
  for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
    local old = tonumber(redis.call('HGET', KEYS[1], name)) or 0
    redis.call('HSET', KEYS[1], name, string.format('%.0f', math.max(now_us, old + 1)))
  end
end
return 1
