"""The lock itself, as scripts that the server runs whole.

What is kept for a key, all under the namespace:

    lock:<key>    hash   entry, fence, since (ms); expires with the lease
    queue:<key>   zset   the entries that wait, in order of arrival; expires in two
                         leases, within one of which every living waiter asks again
    fence:<key>   int    the last fence; expires after 30 days
    memory        hash   born: a random mark, gone when the server forgets everything;
                         hush: until when (ms) nobody is let in, because it has;
                         seen: when (ms) a janitor last came; expires 30 days after that

A fence may expire because the next one begins with the time in microseconds, which is
above all that were ever given: a lock changes hands far less often than that.

An entry is `<client>:<number>:<lease in ms>:<owner in words>`. The client listens on a
channel of its own, `client:<client>`, where it is told whose turn it is, as a JSON list:
fence, name of the lock, entry. An entry belongs to one acquisition for ever, which
makes each script safe to repeat when its answer was lost.
"""

import hashlib


class Script:
    """A script and the name that the server gives it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


_BASE = """
local MONTH = 2592000000

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function lease_of(entry)
  return tonumber(string.match(entry, '^%x+:%d+:(%d+):'))
end

-- How long a key lives; never longer than it should, though the clock was set back.
local function left_of(key, most)
  local left = redis.call('PTTL', key)
  if left > most then
    redis.call('PEXPIRE', key, most)
    return most
  end
  return left
end
"""

_NAMES = """
local lock, queue, fence, memory = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local entry, channel = ARGV[1], ARGV[2]
"""

_GRANT = (
    _BASE
    + """
local function first_fence()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local function next_fence()
  local number = redis.call('INCR', fence)
  if number == 1 then
    -- The server is new or has forgotten. The time is above every fence it ever gave.
    number = first_fence()
    redis.call('SET', fence, number, 'PX', MONTH)
  end
  return number
end

local function grant(entry)
  local number = next_fence()
  redis.call('HSET', lock, 'entry', entry, 'fence', number, 'since', now())
  redis.call('PEXPIRE', lock, lease_of(entry))
  return number
end

-- Lets in the first that waits, and wakes it; returns its entry, or false.
local function hand_over(first)
  first = first or redis.call('ZPOPMIN', queue)[1]
  while first do
    local word = cjson.encode({string.format('%.0f', grant(first)), lock, first})
    local client = string.match(first, '^%x+')
    -- Nobody hears it: that client is dead, and the next one is asked.
    if first == entry or redis.call('PUBLISH', channel .. client, word) > 0 then
      return first
    end
    first = redis.call('ZPOPMIN', queue)[1]
  end
  next_fence()  -- spent, as in `GIVE`
  redis.call('DEL', lock)
  return false
end
"""
)

# Most take a lock that nobody has and nobody waits for, and give it back to nobody.
# That comes first, before the functions that the rest needs are made, which halves it.

TAKE = Script(
    _NAMES
    + """
local stays, above, known, mark = ARGV[3] == '1', ARGV[4], ARGV[5], ARGV[6]
local holder, renews, given = redis.call('HGET', lock, 'entry'), false, false
local born, hush = unpack(redis.call('HMGET', memory, 'born', 'hush'))
if not holder and born == known and not hush and above == '0'
    and redis.call('EXISTS', queue) == 0 then
  local number, time = redis.call('INCR', fence), redis.call('TIME')
  if number > 1 then
    local since = time[1] * 1000 + math.floor(time[2] / 1000)
    redis.call('HSET', lock, 'entry', entry, 'fence', number, 'since', since)
    redis.call('PEXPIRE', lock, string.match(entry, '^%x+:%d+:(%d+):'))
    return string.format('%.0f 0 %s 0 0 0 ', number, born)
  end
  redis.call('DEL', fence)
end
"""
    + _GRANT
    + """
-- A client that knew another memory says that the server has forgotten: who held a
-- lock then may believe so for one lease more, so nobody new is let in before.
if not born then
  born = mark
  redis.call('HSET', memory, 'born', born)
  redis.call('PEXPIRE', memory, MONTH)
end
if known ~= '' and known ~= born and not hush then
  hush = now() + lease_of(entry)
  redis.call('HSET', memory, 'hush', hush)
end
local quiet = hush and hush - now() or 0
if quiet > lease_of(entry) then  -- the clock was set back meanwhile
  quiet = lease_of(entry)
  redis.call('HSET', memory, 'hush', now() + quiet)
end

if above ~= '0' then
  local last = tonumber(redis.call('GET', fence) or first_fence())
  redis.call('SET', fence, math.max(last, tonumber(above)), 'PX', MONTH)
end

if holder == entry then
  redis.call('PEXPIRE', lock, lease_of(entry))
elseif not holder and quiet <= 0 and redis.call('EXISTS', queue) == 0 then
  given = string.format('%.0f', grant(entry))
  holder = entry
else
  local last = redis.call('ZREVRANGE', queue, 0, 0, 'WITHSCORES')[2] or 0
  local is_new = redis.call('ZADD', queue, 'NX', last + 1, entry) == 1
  renews = last == 0 or not is_new
  if not holder and quiet <= 0 then
    holder = hand_over()
  end
  if holder ~= entry and not stays then
    redis.call('ZREM', queue, entry)
  end
end

local say = '%s %.0f %s %.0f %.0f %.0f %s'
if holder == entry then
  given = given or redis.call('HGET', lock, 'fence')
  return string.format(say, given, 0, born, 0, 0, 0, '')
end
local left = math.max(holder and left_of(lock, lease_of(holder)) or 0, quiet, 0)
if stays then
  if renews then
    -- Should all who wait be dead: the living ask again when what is left is over.
    redis.call('PEXPIRE', queue, 2 * math.max(left, lease_of(entry)))
  end
  return string.format(say, '0', left, born, 0, 0, 0, '')
end
local age = now() - (redis.call('HGET', lock, 'since') or now())
local waiting = redis.call('ZCARD', queue)
return string.format(say, '0', left, born, math.max(quiet, 0), waiting, age, holder or '')
"""
)
"""Takes the lock, or joins the queue once; a last call (stays = 0) leaves it again.

Arguments: entry, channel prefix, stays, above, born as known, a mark if none is there.
Returns words: the fence (0: not yet), when to ask again (ms), born; and for a last call
in vain the hush that is left (ms), how many wait, the holder's age (ms) and entry.
"""

GIVE = Script(
    _NAMES
    + """
local holder = redis.call('HGET', lock, 'entry')
local first = holder == entry and redis.call('ZPOPMIN', queue)[1]
if holder == entry and not first then
  -- A number is spent, so that a renewal still on its way finds that it is over.
  if redis.call('INCR', fence) > 1 then
    return redis.call('DEL', lock)
  end
  redis.call('DEL', fence)
end
"""
    + _GRANT
    + """
if holder == entry then
  hand_over(first)
  return 1
end
return redis.call('ZREM', queue, entry)
"""
)
"""Gives the lock, or the place in the queue, to the next. Arguments: as for `TAKE`."""

EVICT = Script(
    _NAMES
    + _GRANT
    + """
local holder = redis.call('HGET', lock, 'entry')
if holder then
  hand_over()
end
return holder or ''
"""
)
"""Takes the lock from whoever holds it; returns that entry. Arguments: as for `TAKE`."""

RENEW = Script(
    _BASE
    + """
local lock, fence = KEYS[1], KEYS[2]
local entry, number, lease = ARGV[1], ARGV[2], ARGV[3]
local holder = redis.call('HGET', lock, 'entry')
if not holder and tonumber(redis.call('GET', fence) or 0) <= tonumber(number) then
  -- Neither given back nor given to another: the server has forgotten it.
  redis.call('SET', fence, number, 'PX', MONTH)
  redis.call('HSET', lock, 'entry', entry, 'fence', number, 'since', ARGV[4])
  holder = entry
end
if holder == entry then
  redis.call('PEXPIRE', lock, lease)
end
return holder or ''
"""
)
"""Keeps the lock for one lease from now; returns the entry that holds it.

Arguments: entry, fence, lease in ms, since when it is held (ms).
"""

SWEEP = Script(
    _BASE
    + """
local memory, namespace, pattern = KEYS[1], ARGV[1], ARGV[2]
local seen = tonumber(redis.call('HGET', memory, 'seen') or 0)
redis.call('HSET', memory, 'seen', now())
redis.call('PEXPIRE', memory, MONTH)
if now() >= seen - 1000 then
  return 0
end
local at, found = '0', 0
repeat
  local page = redis.call('SCAN', at, 'MATCH', pattern, 'COUNT', 1000)
  at = page[1]
  for _, key in ipairs(page[2]) do
    local kind = string.match(string.sub(key, #namespace + 2), '^%a+')
    local entry = kind == 'lock' and redis.call('HGET', key, 'entry')
      or kind == 'queue' and redis.call('ZRANGE', key, 0, 0)[1]
    if entry then
      left_of(key, (kind == 'queue' and 2 or 1) * lease_of(entry))
      found = found + 1
    end
  end
until at == '0'
return found
"""
)
"""The janitor: when the server's clock was set back, no lock of the dead outstays it.

Arguments: the namespace, and a pattern that fits its keys. Returns how many it saw.
"""
