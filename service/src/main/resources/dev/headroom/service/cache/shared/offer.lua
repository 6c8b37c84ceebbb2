-- Whether somebody waits for what was computed under a lease; where nobody does the lease goes back, if it still is that one's.
-- In one step: who comes after it gets the lease and computes. KEYS: lease, waiting. ARGV: what names the look-up, stamp.
if redis.pcall('GET', KEYS[2]) == ARGV[2] then return 1 end
if redis.pcall('GET', KEYS[1]) == ARGV[1] .. '|' .. ARGV[2] then redis.call('DEL', KEYS[1]) end
return 0
