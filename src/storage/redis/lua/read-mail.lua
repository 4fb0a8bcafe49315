-- Hands out the oldest frames after a number.
--
-- KEYS[1]  the box → `last`
-- KEYS[2]  its frames, oldest first
-- ARGV[1]  the number
-- ARGV[2]  most frames to hand out
-- ARGV[3]  bytes after which no further frame is begun
-- returns  {the highest number given out, the first frame's number, frames …}

-- Frames looked at in one go: few, as each may be a megabyte, and what is too much is thrown away.
local AT_ONCE = 8

local last = tonumber(redis.call('HGET', KEYS[1], 'last'))
if not last then
  return { 0, 0 }
end
local most, enough = tonumber(ARGV[2]), tonumber(ARGV[3])
local first = last - redis.call('LLEN', KEYS[2]) + 1
local skip = math.max(0, tonumber(ARGV[1]) + 1 - first)
local answer, bytes = { last, first + skip }, 0
while #answer - 2 < most and bytes < enough do
  local at = skip + #answer - 2
  local batch = redis.call('LRANGE', KEYS[2], at, at + AT_ONCE - 1)
  if #batch == 0 then
    break
  end
  for _, frame in ipairs(batch) do
    if #answer - 2 >= most or bytes >= enough then
      break
    end
    answer[#answer + 1] = frame
    bytes = bytes + #frame - 1
  end
end
return answer
