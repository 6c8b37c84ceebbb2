-- Keeps an entry unless a change was counted since its look-up, or a later computation was faster.
-- KEYS: entry, generations, lease. ARGV: token, stamp, began ms, fresh ms, life ms, bytes, tables...
-- Answers: 1 kept, 0 refused. Gives the lease back in either case, if it is still ours.
local tables = {}
for i = 7, #ARGV do tables[#tables + 1] = ARGV[i] end
local generations = {}
if #tables > 0 then
  generations = redis.call('HMGET', KEYS[2], unpack(tables))
  for i, generation in ipairs(generations) do generations[i] = generation or '' end
end
local kept = 0
if table.concat(generations, ',') == ARGV[2] then
  local there = redis.call('HMGET', KEYS[1], 's', 'b')
  if not (there[1] == ARGV[2] and there[2] and tonumber(there[2]) > tonumber(ARGV[3])) then
    local time = redis.call('TIME')
    local now_ms = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
    redis.call('DEL', KEYS[1])
    redis.call('HSET', KEYS[1], 's', ARGV[2], 'c', now_ms, 'b', ARGV[3], 'f', ARGV[4], 'd', ARGV[6])
    redis.call('PEXPIRE', KEYS[1], ARGV[5])
    kept = 1
  end
end
if redis.call('GET', KEYS[3]) == ARGV[1] .. '|' .. ARGV[2] then redis.call('DEL', KEYS[3]) end
return kept
