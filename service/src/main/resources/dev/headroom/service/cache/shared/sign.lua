-- Leaves word that an instance has heard of everything that was committed until then. KEYS: sign of life, generations.
-- ARGV: token, how many ms ago that is, ms for which the sign stands, ms for which generations outlive the last one, when it
-- is on this clock as far as the instance knows it. Answers: now ms.
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
-- The earlier of both: this may have lain about while Redis was frozen, and this clock may be another one than it was.
local heard = math.min(now_ms - tonumber(ARGV[2]), tonumber(ARGV[5]))
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. string.format('%.0f', heard), 'PX', ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return string.format('%.0f', now_ms)
