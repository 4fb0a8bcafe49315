-- Strikes boxes that have ended out of the ledger (see mailbox.lua): each once, however many nodes sweep.
--
-- KEYS[1]  the ledger: name of each box → when it ends
-- KEYS[2]  the ledger: name of each box → frames and bytes it holds; `*frames` and `*bytes` of all
-- ARGV[1]  most boxes to strike out in this step
-- returns  how many there were

local ended = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. now, 'LIMIT', 0, ARGV[1])
for _, name in ipairs(ended) do
  local size, bytes = string.match(redis.call('HGET', KEYS[2], name) or '0 0', '(%d+) (%d+)')
  redis.call('HINCRBY', KEYS[2], '*frames', 0 - size)
  redis.call('HINCRBY', KEYS[2], '*bytes', 0 - bytes)
  redis.call('HDEL', KEYS[2], name)
  redis.call('ZREM', KEYS[1], name)
end
return #ended
