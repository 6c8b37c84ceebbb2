-- Asks for an entry and, where it will have to be computed, for the lease to do so. One round trip.
-- KEYS: entry, generations, lease. ARGV: token, lease ms, tables...
-- Answers: now ms, stamp, age ms or -1, bytes or '', lease: 1 ours, 0 another's, -1 cannot be had.
local time = redis.call('TIME')
local now_us = time[1] * 1000000 + time[2]
local now_ms = math.floor(now_us / 1000)
local tables = {}
for i = 3, #ARGV do tables[#tables + 1] = ARGV[i] end
local generations = {}
if #tables > 0 then
  generations = redis.call('HMGET', KEYS[2], unpack(tables))
  for i, generation in ipairs(generations) do
    if not generation then
      generations[i] = string.format('%.0f', now_us)
      redis.call('HSET', KEYS[2], tables[i], generations[i])
    end
  end
end
local stamp = table.concat(generations, ',')
local entry = redis.call('HMGET', KEYS[1], 's', 'c', 'f', 'd')
local age, bytes = -1, ''
local fresh = tonumber(entry[3] or '') or 0
if entry[1] == stamp and tonumber(entry[2] or '') and entry[4] then
  age, bytes = math.max(0, now_ms - tonumber(entry[2])), entry[4]
end
local lease = 0
if age < 0 or age >= fresh then
  local mine = ARGV[1] .. '|' .. stamp
  local held = redis.call('GET', KEYS[3])
  if not held or string.sub(held, string.find(held, '|', 1, true) + 1) ~= stamp then
    local set = redis.pcall('SET', KEYS[3], mine, 'PX', ARGV[2])
    lease = (set.ok == 'OK') and 1 or -1
  end
end
return { string.format('%.0f', now_ms), stamp, tostring(age), bytes, lease }
