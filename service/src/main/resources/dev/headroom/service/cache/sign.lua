-- Leaves word that an instance has heard of everything that was committed until so many ms ago. KEYS: sign of life,
-- generations. ARGV: token, ms ago, ms for which it stands, ms for which generations outlive the last sign.
local time = redis.call('TIME')
local heard = time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(ARGV[2])
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. string.format('%.0f', heard), 'PX', ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return 1
