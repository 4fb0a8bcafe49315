-- Puts a code into use unless it is live.
--
-- KEYS[1]  the code → its grant
-- KEYS[2]  the codes of its length in use → when they end
-- ARGV[1]  the code
-- ARGV[2]  its grant
-- ARGV[3]  its life in ms
-- returns  1 if it did, else 0

local life = tonumber(ARGV[3])
if not redis.call('SET', KEYS[1], ARGV[2], 'NX', 'PX', life) then
  return 0
end
redis.call('ZADD', KEYS[2], now + life, ARGV[1])
if redis.call('PTTL', KEYS[2]) < life then
  redis.call('PEXPIRE', KEYS[2], life)
end
return 1
