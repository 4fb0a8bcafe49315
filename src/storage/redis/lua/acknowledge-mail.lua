-- Drops what a reader has. Follows mailbox.lua, which says what KEYS, ARGV[1] and ARGV[2] are.
--
-- ARGV[3]  the number up to which it has everything; above the highest given out it means nothing

local up_to = tonumber(ARGV[3])
local last, bytes, size = look()
if last and up_to <= last then
  drop(up_to, last, bytes, size)
end
