-- Tries a code, and counts the failure in the same step: counted apart, many guesses at once would all pass the check.
--
-- KEYS[1]  the code → its grant
-- KEYS[2]  the codes of its length in use → when they end
-- KEYS[3]  how often this guesser has failed in its window
-- KEYS[4]  the receipt: what this Idempotency-Key got for this code; absent without such a key
-- ARGV[1]  the code
-- ARGV[2]  failures allowed per window; 0 = any number
-- ARGV[3]  the window in ms
-- returns  {'redeemed' or 'repeated', grant}, {'gone'}, or {'locked', ms until the window ends}

local live, ends, fails, receipt = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local allowed = tonumber(ARGV[2])

if allowed > 0 and tonumber(redis.call('GET', fails) or 0) >= allowed then
  return { 'locked', redis.call('PTTL', fails) }
end

local earlier = receipt and redis.call('GET', receipt)
if earlier then
  return { 'repeated', earlier }
end

local grant = redis.call('GET', live)
if not grant then
  if allowed > 0 and redis.call('INCR', fails) == 1 then
    redis.call('PEXPIRE', fails, ARGV[3])
  end
  return { 'gone' }
end

local left = redis.call('PTTL', live)
redis.call('DEL', live)
redis.call('ZREM', ends, ARGV[1])
if receipt and left > 0 then
  redis.call('SET', receipt, grant, 'PX', left)
end
return { 'redeemed', grant }
