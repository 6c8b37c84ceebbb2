-- Keeps an entry unless a change was counted since its look-up, or a later computation was faster, or it is larger than all
-- that its endpoint may hold.
-- KEYS: entry, generations, lease, held. ARGV: what names the look-up, stamp, began ms, fresh ms, life ms, bytes, the entry's
-- name, with which its key ends, how many bytes the endpoint may hold, how long in ms it may hold any, tables...
-- Answers: 1 kept, 0 refused, or Redis' error. Gives the lease back in each case, if it is still ours.
local tables, generations = {}, {}
for i = 10, #ARGV do tables[#tables + 1] = ARGV[i] end
if #tables > 0 then
  generations = redis.call('HMGET', KEYS[2], unpack(tables))
  for i in ipairs(tables) do generations[i] = generations[i] or '' end
end
local name, held, most = ARGV[7], KEYS[4], tonumber(ARGV[8])
local size = #ARGV[6] + #name + 1000 -- what Redis takes for its own, about

-- What the endpoint holds is a sorted set of "size name" by the time at which the entry ends, in ms: so those that are gone
-- come first. The member '' has the sum of all sizes as its score, which is far below any time.
local function hold(ends, before)
  if redis.pcall('ZRANGE', held, 0, 0).err then redis.call('DEL', held) end
  local mine, more = size .. ' ' .. name, 0
  if before and before ~= mine and redis.call('ZREM', held, before) == 1 then
    more = more - tonumber(string.match(before, '^%d+'))
  end
  if redis.call('ZADD', held, ends, mine) == 1 then more = more + size end
  local sum = tonumber(redis.call('ZADD', held, 'INCR', more, ''))
  for _ = 1, 1000 do -- a bound on how long Redis is busy; the next write goes on
    if sum <= most then break end
    local first = redis.call('ZRANGE', held, 1, 2, 'WITHSCORES')
    local at = first[1] == mine and 3 or 1
    if not first[at] then break end
    local its, named = string.match(first[at], '^(%d+) (.*)$')
    local key = string.sub(KEYS[1], 1, -#name - 1) .. named
    -- Under the same name a later entry may be there, which has a place of its own.
    if tonumber(redis.call('HGET', key, 'x') or '') == tonumber(first[at + 1]) then redis.call('DEL', key) end
    redis.call('ZREM', held, first[at])
    sum = tonumber(redis.call('ZADD', held, 'INCR', -tonumber(its), ''))
  end
  redis.call('PEXPIRE', held, ARGV[9])
end

local kept, ends, before = 0, nil, nil
if table.concat(generations, ',') == ARGV[2] and size <= most then
  local time = redis.call('TIME')
  local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
  ends = string.format('%.0f', now_ms + ARGV[5])
  local there = redis.pcall('HMGET', KEYS[1], 's', 'b', 'z')
  local later = not there.err and there[1] == ARGV[2] and tonumber(there[2] or '') or 0
  -- One that began after now is damaged, or of a clock that went back: it must not hold its place for ever.
  if not (later > tonumber(ARGV[3]) and later <= now_ms) then
    -- Only what has another type goes first: after any write of a script Redis takes the next one however full it is.
    if there.err then redis.call('DEL', KEYS[1]) end
    kept = redis.pcall('HSET', KEYS[1], 's', ARGV[2], 'c', string.format('%.0f', now_ms), 'b', ARGV[3], 'f', ARGV[4],
      'd', ARGV[6], 'x', ends, 'z', size)
    if type(kept) == 'number' then
      redis.call('PEXPIRE', KEYS[1], ARGV[5])
      kept = 1
      before = not there.err and there[3] and there[3] .. ' ' .. name
    end
  end
end
if redis.pcall('GET', KEYS[3]) == ARGV[1] .. '|' .. ARGV[2] then redis.call('DEL', KEYS[3]) end
if kept == 1 then hold(ends, before) end -- last: a user without the right to sorted sets ends the script here
return kept
