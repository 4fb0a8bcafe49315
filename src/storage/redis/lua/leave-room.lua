-- Gives a place back, if the member still has it (behind room.lua).
--
-- ARGV[4..5]  place, member
-- Answers 'left' and the room.

local holder = room.claims[ARGV[4]]
if holder and holder.member == ARGV[5] then take(ARGV[4]) end
return answer('left')
