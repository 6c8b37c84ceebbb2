-- Gives back a lease whose computation failed, if it is still ours. KEYS: lease. ARGV: token, stamp.
if redis.call('GET', KEYS[1]) == ARGV[1] .. '|' .. ARGV[2] then redis.call('DEL', KEYS[1]) end
return 1
