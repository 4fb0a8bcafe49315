-- A reader says what it has. Follows mailbox.lua, which says what KEYS, ARGV[1] and ARGV[2] are.
--
-- ARGV[3]  its watermark; above the highest number given out, what is queued is renumbered to follow it
-- ARGV[4]  most bytes in all boxes
-- ARGV[5]  bytes that each frame counts as beyond its payload
-- ARGV[6]  bytes that each box counts as
-- returns  by how much the numbers of queued frames have moved

local watermark = tonumber(ARGV[3])
local per_frame, per_box = tonumber(ARGV[5]), tonumber(ARGV[6])

local last, bytes, size = look()
if not last then
  if watermark > 0 and fits(per_box, ARGV[4], per_frame, per_box) then
    keep(watermark, 0, 0)
  end
  return 0
end
if watermark > last then
  redis.call('HSET', box, 'last', watermark + size)
  return watermark + size - last
end
drop(watermark, last, bytes, size)
return 0
