-- Counts a change of some tables, once however many instances heard of it. KEYS: generations, notice. ARGV: tables...
-- Answers the generations as they are then, so that who asks knows which ones Redis must never fall behind again.
if redis.call('SET', KEYS[2], '1', 'NX', 'PX', 60000) then
  local time = redis.call('TIME')
  local now_us = time[1] * 1000000 + time[2]
  for _, name in ipairs(ARGV) do
    local old = tonumber(redis.call('HGET', KEYS[1], name) or '') or 0
    redis.call('HSET', KEYS[1], name, string.format('%.0f', math.max(now_us, old + 1)))
  end
end
return redis.call('HMGET', KEYS[1], unpack(ARGV))
