-- Keeps the boxes of a room for another time to live. Follows mailbox.lua for one box of it.
local last, bytes, size = look()
if last then
  keep(last, bytes, size)
end
