-- Counts a hit in a fixed window, which the first one opens.
--
-- KEYS[1]  the window → hits
-- ARGV[1]  its length in ms, for who opens it
-- returns  {hits, ms until it ends}

local hits = redis.call('INCR', KEYS[1])
if hits == 1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
return { hits, redis.call('PTTL', KEYS[1]) }
