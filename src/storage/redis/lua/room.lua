-- Put in front of every script that changes a room: who is in it, and who is to hear of the change.
--
-- KEYS[1]  the room, a hash: `revision`, and for each place `p<place>` = "<turn> <member> <card>"
-- ARGV[1]  what the channel of a node begins with; the node's id follows
-- ARGV[2]  the node that calls; it learns of the change from the answer
-- ARGV[3]  how long the room is remembered, in ms

local room = { revision = 0, turn = 0, size = 0, claims = {} }
local audience = { [ARGV[2]] = false }
local steps = {}

local function node_of(member)
  return string.match(member, '^[^:]*')
end

local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if fields[i] == 'revision' then
    room.revision = tonumber(fields[i + 1])
  else
    local turn, member, card = string.match(fields[i + 1], '^(%d+) (%S+) (.*)$')
    room.claims[string.sub(fields[i], 2)] = { turn = turn, member = member, card = card }
    room.turn = math.max(room.turn, tonumber(turn))
    room.size = room.size + 1
    if audience[node_of(member)] == nil then audience[node_of(member)] = true end
  end
end

local function take(place)
  local claim = room.claims[place]
  if not claim then return end
  room.claims[place] = nil
  room.size = room.size - 1
  redis.call('HDEL', KEYS[1], 'p' .. place)
  steps[#steps + 1] = { place, claim.member }
end

-- Who has the place already keeps its turn.
local function give(place, member, card)
  local claim = room.claims[place]
  if not claim then
    room.turn = room.turn + 1
    room.size = room.size + 1
    claim = { turn = string.format('%d', room.turn) }
  end
  room.claims[place] = { turn = claim.turn, member = member, card = card }
  redis.call('HSET', KEYS[1], 'p' .. place, claim.turn .. ' ' .. member .. ' ' .. card)
  steps[#steps + 1] = { place, member, card }
end

-- Ends the script's work: numbers the change, tells it, and answers the room as it is then.
local function answer(outcome)
  if #steps > 0 then
    -- A new room's numbers begin above those of every room before it: none has grown by one per microsecond.
    if room.revision == 0 then room.revision = time[1] * 1000000 + time[2] else room.revision = room.revision + 1 end
    local revision = string.format('%.0f', room.revision)
    local message = cjson.encode({ KEYS[1], revision, steps })
    if room.size > 0 then
      redis.call('HSET', KEYS[1], 'revision', revision)
      redis.call('PEXPIRE', KEYS[1], ARGV[3])
    else
      redis.call('DEL', KEYS[1])
    end
    for node, listens in pairs(audience) do
      if listens then redis.call('PUBLISH', ARGV[1] .. node, message) end
    end
  end
  local reply = { outcome, string.format('%.0f', room.revision) }
  for place, claim in pairs(room.claims) do
    reply[#reply + 1] = place
    reply[#reply + 1] = claim.turn
    reply[#reply + 1] = claim.member
    reply[#reply + 1] = claim.card
  end
  return reply
end
