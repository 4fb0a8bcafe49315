-- Makes a node's claims in a room those given, in one step (behind room.lua).
--
-- ARGV[4]    the node
-- ARGV[5]    the number of its claims
-- ARGV[6..]  place, member, card of each
-- Answers 'restored' and the room.

local wanted = {}
for i = 6, 5 + 3 * tonumber(ARGV[5]), 3 do
  wanted[ARGV[i]] = ARGV[i + 1]
end
local places = {}
for place in pairs(room.claims) do
  places[#places + 1] = place
end
for _, place in ipairs(places) do
  local member = room.claims[place].member
  if node_of(member) == ARGV[4] and wanted[place] ~= member then take(place) end
end
for i = 6, 5 + 3 * tonumber(ARGV[5]), 3 do
  if not room.claims[ARGV[i]] then give(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
end
return answer('restored')
