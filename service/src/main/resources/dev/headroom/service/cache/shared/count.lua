-- Counts a change of some tables, once however many instances heard of it. KEYS: generations, notice. ARGV: tables...
-- Of a table that is not known here there is no entry that could be current, and no name is kept of it: names can be made up.
-- Answers the generations as they are then, '' where there is none, so that who asks knows which ones Redis must never
-- fall behind again.
-- What has another type in our place is somebody else's mistake: it goes, and is no reason to fail for ever.
if redis.pcall('HMGET', KEYS[1], '').err then redis.call('DEL', KEYS[1]) end
local known = {}
for _, name in ipairs(ARGV) do
  if redis.call('HGET', KEYS[1], name) then known[#known + 1] = name end
end
if #known > 0 and redis.call('SET', KEYS[2], '1', 'NX', 'PX', 60000) then
  local time = redis.call('TIME')
  local now_us = time[1] * 1000000 + time[2]
  for _, name in ipairs(known) do
    local old = tonumber(redis.call('HGET', KEYS[1], name) or '') or 0
    if old >= 9e15 then old = 0 end -- beyond all times, where numbers are no longer exact
    redis.call('HSET', KEYS[1], name, string.format('%.0f', math.max(now_us, old + 1)))
  end
end
local all = {}
for i, name in ipairs(ARGV) do all[i] = redis.call('HGET', KEYS[1], name) or '' end
return all
