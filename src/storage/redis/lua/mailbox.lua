-- One box, and the ledger of all: the common part of what changes a box.
--
-- A box ends by its time to live, and Redis tells nobody. So the ledger has, for each box, when it ends and what it holds,
-- written in the same step as the box itself; who finds that a box has ended strikes it out and lowers the totals by
-- exactly that, once. The totals are therefore never more than a sweep away from the truth, and never below it.
--
-- KEYS[1]  the box → `last`, the highest number given out, and `bytes`, the payload bytes in it
-- KEYS[2]  its frames, oldest first, each with its sender's side in front; the newest has the number `last`
-- KEYS[3]  the ledger: name of each box → when it ends
-- KEYS[4]  the ledger: name of each box → frames and bytes it holds; `*frames` and `*bytes` of all
-- ARGV[1]  the box's name in the ledger
-- ARGV[2]  time to live of a box in ms

local box, frames, ends, held = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local name, ttl = ARGV[1], tonumber(ARGV[2])

-- Frames taken from the list at once: bounds what Lua holds when a long list is acknowledged.
local AT_ONCE = 64

-- Sets what the ledger says the box holds; nil = nothing any more, it has ended.
local function book(size, bytes)
  local before = redis.call('HGET', held, name) or '0 0'
  local size_before, bytes_before = string.match(before, '(%d+) (%d+)')
  redis.call('HINCRBY', held, '*frames', (size or 0) - size_before)
  redis.call('HINCRBY', held, '*bytes', (bytes or 0) - bytes_before)
  if size then
    redis.call('HSET', held, name, string.format('%d %d', size, bytes))
  else
    redis.call('HDEL', held, name)
    redis.call('ZREM', ends, name)
  end
end

-- The box's `last`, bytes and size; `last` is nil where there is none. One that ended and was not swept is struck out.
local function look()
  local last, bytes = unpack(redis.call('HMGET', box, 'last', 'bytes'))
  if last then
    return tonumber(last), tonumber(bytes), redis.call('LLEN', frames)
  end
  if redis.call('ZSCORE', ends, name) then
    book(nil)
  end
  return nil, 0, 0
end

-- Whether so many more bytes fit under the total, the overhead of `per_frame` and `per_box` bytes included.
local function fits(more, total, per_frame, per_box)
  local all_frames, all_bytes = unpack(redis.call('HMGET', held, '*frames', '*bytes'))
  local taken = (all_bytes or 0) + (all_frames or 0) * per_frame + redis.call('ZCARD', ends) * per_box
  return taken + more <= tonumber(total)
end

-- Writes the box's state, and lets it live for another time to live.
local function keep(last, bytes, size)
  redis.call('HSET', box, 'last', last, 'bytes', bytes)
  redis.call('PEXPIREAT', box, now + ttl)
  redis.call('PEXPIREAT', frames, now + ttl)
  redis.call('ZADD', ends, now + ttl, name)
  book(size, bytes)
  -- The ledger outlives every box in it; both halves end in the same instant.
  if redis.call('PTTL', ends) < ttl or redis.call('PTTL', held) < ttl then
    redis.call('PEXPIREAT', ends, now + 2 * ttl)
    redis.call('PEXPIREAT', held, now + 2 * ttl)
  end
end

-- Drops the frames up to a number; the box's end stays where it is.
local function drop(up_to, last, bytes, size)
  local count = math.min(size, up_to - (last - size))
  if count <= 0 then
    return
  end
  local left = size - count
  while count > 0 do
    local dropped = redis.call('LPOP', frames, math.min(count, AT_ONCE))
    for _, frame in ipairs(dropped) do
      bytes = bytes - #frame + 1
    end
    count = count - #dropped
  end
  redis.call('HSET', box, 'bytes', bytes)
  book(left, bytes)
end
