-- Stores a frame. Follows mailbox.lua, which says what KEYS, ARGV[1] and ARGV[2] are.
--
-- ARGV[3]  the frame: its sender's side, then the payload
-- ARGV[4]  the reader's watermark, as far as it is known: the frame is numbered above
-- ARGV[5]  most frames in a box
-- ARGV[6]  most payload bytes in a box
-- ARGV[7]  most bytes in all boxes
-- ARGV[8]  bytes that each frame counts as beyond its payload
-- ARGV[9]  bytes that each box counts as
-- returns  the frame's number; nil = refused

local frame, above = ARGV[3], tonumber(ARGV[4])
local per_frame, per_box = tonumber(ARGV[8]), tonumber(ARGV[9])
local payload = #frame - 1

local last, bytes, size = look()
if size >= tonumber(ARGV[5]) or bytes + payload > tonumber(ARGV[6]) then
  return false
end
if not fits(payload + per_frame + (last and 0 or per_box), ARGV[7], per_frame, per_box) then
  return false
end
last = last or 0
if above > last then
  last = above + size -- what is queued follows the watermark
end
redis.call('RPUSH', frames, frame)
keep(last + 1, bytes + payload, size + 1)
return last + 1
