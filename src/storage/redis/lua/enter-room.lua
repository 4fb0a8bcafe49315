-- Takes a place in a room (behind room.lua).
--
-- ARGV[4..6]  place, member, card
-- ARGV[7]     most claims the room may have; '' = any number
-- ARGV[8]     the revision the room must be at; '' = any
-- ARGV[9]     1 where ARGV[10] is a place whose claim ends in the same step
-- Answers the outcome and the room.

local place, member, card = ARGV[4], ARGV[5], ARGV[6]
local capacity, revision = tonumber(ARGV[7]), tonumber(ARGV[8])
local replacing = ARGV[9] == '1' and ARGV[10] or nil
local holder = room.claims[place]

if revision and revision ~= room.revision then return answer('changed') end
if not (holder and holder.member == member) then
  if holder and replacing ~= place then return answer('held') end
  local others = room.size
  if replacing and room.claims[replacing] then others = others - 1 end
  if capacity and others >= capacity then return answer('full') end
end
if replacing then take(replacing) end
give(place, member, card)
return answer('entered')
