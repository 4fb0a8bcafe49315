-- Forgets that codes were in use which have ended.
--
-- KEYS     for any number of lengths: the codes of it in use → when they end
-- returns  {how many had ended, how many of each length are left …}

local counts = { 0 }
for i, ends in ipairs(KEYS) do
  counts[1] = counts[1] + redis.call('ZREMRANGEBYSCORE', ends, '-inf', '(' .. now)
  counts[i + 1] = redis.call('ZCARD', ends)
end
return counts
