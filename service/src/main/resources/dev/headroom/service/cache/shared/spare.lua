-- The entry whatever has changed since: for when it cannot be computed. KEYS: entry. Answers: age ms or -1, bytes or ''.
local entry = redis.call('HMGET', KEYS[1], 'c', 'd')
if not (tonumber(entry[1] or '') and entry[2]) then return { '-1', '' } end
local time = redis.call('TIME')
return { tostring(math.max(0, time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(entry[1]))), entry[2] }
