-- Gives back the lease of a look-up that came to nothing, if it still is that one's. KEYS: lease. ARGV: what names it.
local held = redis.pcall('GET', KEYS[1])
if type(held) == 'string' and string.sub(held, 1, #ARGV[1] + 1) == ARGV[1] .. '|' then redis.call('DEL', KEYS[1]) end
return 1
