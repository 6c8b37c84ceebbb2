-- Keeps an entry unless a change was counted since its look-up, or a later computation was faster.
-- KEYS: entry, generations, lease. ARGV: what names the look-up, stamp, began ms, fresh ms, life ms, bytes, tables...
-- Answers: 1 kept, 0 refused, or Redis' error. Gives the lease back in each case, if it is still ours.
local tables, generations = {}, {}
for i = 7, #ARGV do tables[#tables + 1] = ARGV[i] end
if #tables > 0 then
  generations = redis.call('HMGET', KEYS[2], unpack(tables))
  for i in ipairs(tables) do generations[i] = generations[i] or '' end
end
local kept = 0
if table.concat(generations, ',') == ARGV[2] then
  local time = redis.call('TIME')
  local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
  local there = redis.pcall('HMGET', KEYS[1], 's', 'b')
  local later = not there.err and there[1] == ARGV[2] and tonumber(there[2] or '') or 0
  -- One that began after now is damaged, or of a clock that went back: it must not hold its place for ever.
  if not (later > tonumber(ARGV[3]) and later <= now_ms) then
    -- Only what has another type goes first: after any write of a script Redis takes the next one however full it is.
    if there.err then redis.call('DEL', KEYS[1]) end
    kept = redis.pcall('HSET', KEYS[1],
      's', ARGV[2], 'c', string.format('%.0f', now_ms), 'b', ARGV[3], 'f', ARGV[4], 'd', ARGV[6])
    if type(kept) == 'number' then
      redis.call('PEXPIRE', KEYS[1], ARGV[5])
      kept = 1
    end
  end
end
if redis.pcall('GET', KEYS[3]) == ARGV[1] .. '|' .. ARGV[2] then redis.call('DEL', KEYS[3]) end
return kept
