-- Put in front of every script.
--
-- A command may lie in a dark connection, or in a server that stands still, until long after its sender was told
-- `unavailable`. Executed then, it would store mail behind what was sent later, or use up a code that nobody hears of.
-- So every call says until when it is wanted, by this server's clock, and comes too late afterwards.
--
-- ARGV[#ARGV]  the deadline, in ms since the epoch
-- now          this server's time in ms since the epoch, for the script that follows

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[#ARGV]) then
  return redis.error_reply('LATE this call was wanted earlier')
end
