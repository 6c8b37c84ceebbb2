-- Asks for an entry and, where it will have to be computed, for the lease to do so. One round trip.
-- KEYS: entry, generations, lease, waiting. ARGV: what names this look-up, lease ms, the age in ms from which an entry is too old,
-- until when somebody waits for the answer, tables...
-- Answers: now ms, stamp, age ms or -1, bytes or '', lease: 1 ours, 0 another's, -1 cannot be had or is not needed, and
-- whether there is an answer of another stamp: 1 or 0.
local time = redis.call('TIME')
local now_us = time[1] * 1000000 + time[2]
local now_ms = math.floor(now_us / 1000)

-- What has another type in our place is somebody else's mistake: it goes, and is no reason to fail for ever.
local function typed(answer, key)
  if type(answer) == 'table' and answer.err then
    redis.pcall('DEL', key)
    return nil
  end
  return answer
end

local tables, generations = {}, {}
for i = 5, #ARGV do tables[#tables + 1] = ARGV[i] end
if #tables > 0 then
  generations = typed(redis.pcall('HMGET', KEYS[2], unpack(tables)), KEYS[2]) or {}
  for i, name in ipairs(tables) do
    local known = generations[i]
    if not (known and #known <= 16 and string.find(known, '^%d+$') and tonumber(known) < 9e15) then
      generations[i] = string.format('%.0f', now_us)
      redis.call('HSET', KEYS[2], name, generations[i])
    end
  end
end
local stamp = table.concat(generations, ',')
local entry = typed(redis.pcall('HMGET', KEYS[1], 's', 'c', 'f', 'd'), KEYS[1]) or {}
local age, bytes = -1, ''
local fresh = math.min(tonumber(entry[3] or '') or 0, tonumber(ARGV[3]))
if entry[1] == stamp and tonumber(entry[2] or '') and entry[4] then
  age, bytes = math.max(0, now_ms - tonumber(entry[2])), entry[4]
end
local lease = -1
-- A question that lay about for so long, Redis being frozen or the way to it broken, has nobody who would give it back.
if (age < 0 or age >= fresh) and now_ms <= tonumber(ARGV[4]) then
  local mine = ARGV[1] .. '|' .. stamp
  local held = typed(redis.pcall('GET', KEYS[3]), KEYS[3])
  -- One of another stamp is void.
  if held and held ~= mine and string.sub(held, (string.find(held, '|', 1, true) or 0) + 1) == stamp then
    lease = 0
    redis.pcall('SET', KEYS[4], stamp, 'PX', 1000) -- so that what is too large to be kept is handed over
  else
    local set = redis.pcall('SET', KEYS[3], mine, 'PX', ARGV[2])
    lease = (set.ok == 'OK') and 1 or -1
  end
end
local older = (age < 0 and tonumber(entry[2] or '') and entry[4]) and 1 or 0
return { string.format('%.0f', now_ms), stamp, string.format('%.0f', age), bytes, lease, older }
